# `make help` lists what there is. SAM, too, looks for this file, by this name, to build each function: see build-%.
SHELL := /bin/sh
.DEFAULT_GOAL := help

# A shim named python3.13 may be on PATH and fail, so each candidate is asked.
BASE_PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$python && break; done)

.PHONY: help
help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 18

# ---- run and test ----------------------------------------------------------------------------------------------------

ARGS ?=

.PHONY: run test check lock screenshots
run: .venv/local ## start everything on this machine: form, mailbox, AWS (make run ARGS="--port 9000")
	@exec .venv/bin/python -m ops up $(ARGS)

test: check .venv/sam/installed .venv/audit/installed .venv/checkov/installed tests/policy/node_modules/.package-lock.json ## run every check and test
	.venv/bin/python -m tests.browser
	.venv/bin/python -m pytest -n 2 --dist loadgroup

check: .venv/dev ## lint, types, generated parts
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/python -m schemas.export --check

# One marker per lock: it is older than its lock exactly when something has to be installed.
# Said on standard error: `make run ARGS=--json` promises scripts one line on standard output.
.venv/local .venv/dev: .venv/%: requirements/%.txt | .venv/bin/python
	@echo "Installing what requirements/$*.txt locks into .venv; this happens once." >&2
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/$*.txt >&2
	@touch $@

.venv/bin/python:
	@test -n "$(BASE_PYTHON)" || { echo "ContactFlow needs CPython 3.11, 3.12 or 3.13, and found none on PATH." >&2; exit 1; }
	@$(BASE_PYTHON) -m venv .venv

.PHONY: simulate faults fuzz mutants bench
bench: .venv/dev ## beside the synchronous handler: waits, mails/s, cold starts, memory (ONLY=growth, SCALE=50 for 50,000)
	.venv/bin/python -m loadtest.bench $(if $(ONLY),--only $(ONLY)) --scale $(SCALE)

simulate: .venv/dev ## 10,000 seeds of the whole core, and every interleaving of the send protocol (minutes)
	.venv/bin/python -m tests.simulation --seeds 10000
	.venv/bin/python -m tests.model

faults: .venv/dev ## 2,000 messages through the running stack under injected faults (minutes)
	.venv/bin/python -m tests.faults --messages 2000

fuzz: .venv/dev ## 1,000,000 inputs to every handler entry (minutes)
	.venv/bin/python -m tests.fuzz --inputs 1000000

mutants: .venv/dev ## take each safety out of the code and see a test notice
	.venv/bin/python -m tests.mutants

screenshots: .venv/dev ## take the pictures of the README anew
	.venv/bin/python -m docs.screenshots

LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"
lock: .venv/bin/python ## choose newer versions of what we depend on
	.venv/bin/python -m pip install --quiet uv
	$(LOCK) --upgrade requirements/dev.in -o requirements/dev.txt
	$(LOCK) -c requirements/dev.txt requirements/local.in -o requirements/local.txt
	$(LOCK) -c requirements/dev.txt requirements/lambda.in -o requirements/lambda.txt
	$(LOCK) --upgrade requirements/sam.in -o requirements/sam.txt
	$(LOCK) --upgrade requirements/audit.in -o requirements/audit.txt
	$(LOCK) --upgrade requirements/checkov.in -o requirements/checkov.txt

# ---- load --------------------------------------------------------------------------------------------------------------

SCENARIO ?= quick
TARGET ?=
SCALE ?= 1

.PHONY: loadtest
loadtest: .venv/local loadtest/node_modules/.package-lock.json ## load a local stack, or TARGET=URL, with Artillery: SCENARIO=quick, contact-form, spike, soak
	.venv/bin/python -m loadtest.run $(SCENARIO) --scale $(SCALE) $(if $(TARGET),--target $(TARGET)) $(ARGS)

%/node_modules/.package-lock.json: %/package-lock.json
	npm ci --prefix $* --ignore-scripts --no-audit --no-fund

# ---- build -----------------------------------------------------------------------------------------------------------

# What Lambda runs. The artefact test sets both to build the same bundle for the interpreter that it runs on.
PYVERSION ?= 3.13
PLATFORM ?= manylinux2014_aarch64
PYTHON ?= $(firstword $(wildcard $(CURDIR)/.venv/bin/python) python3)
# Lambda mounts the code read-only, so that every cold start would compile all of it anew, which takes longer than to run
# it. What is compiled depends on the Python's version and on nothing else, so a build without that Python goes without.
COMPILER := $(shell for python in $(PYTHON) python$(PYVERSION); do \
	$$python -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(PYVERSION)")' 2>/dev/null && echo $$python && break; done)
DEPENDENCIES = .build/$(PYVERSION)-$(PLATFORM)$(if $(COMPILER),-compiled)
# The services whose models botocore keeps: those that handlers/aws calls, and sts for credentials.
SERVICES = dynamodb sesv2 sns sqs stepfunctions sts

.PHONY: build lint-template
build: .venv/sam/installed ## build what `sam deploy` ships into .aws-sam/build
	SAM_CLI_TELEMETRY=0 PYTHON=$(PYTHON) .venv/sam/bin/sam build

lint-template: .venv/sam/installed ## check template.yaml with AWS's own tools
	SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 .venv/sam/bin/sam validate --lint
	$(PYTHON) -m schemas.export --check

# --no-deps: the lock is complete, and pip before 23.3 refuses hashes where a dependency asks for an extra:
# https://github.com/pypa/pip/issues/12345
.venv/sam/installed .venv/checkov/installed: .venv/%/installed: requirements/%.txt
	$(BASE_PYTHON) -m venv .venv/$*
	.venv/$*/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/$*.txt
	touch $@

# The same input gives the same bytes: no date, no folder of this machine, no random order of a set.
COMPILE = PYTHONHASHSEED=0 $(COMPILER) -m compileall -q --invalidation-mode unchecked-hash -p /var/task
NOT_COMPILED = echo "No python$(PYVERSION) here to compile the bundle: it works, and starts at about half the speed." >&2

# All functions share one bundle and differ by Handler. `sam build` runs this rule once for each of them.
build-%: $(DEPENDENCIES)
	cp -R $(DEPENDENCIES)/. "$(ARTIFACTS_DIR)"
	@for package in handlers schemas; do test ! -e "$(ARTIFACTS_DIR)/$$package" || \
		{ echo "a dependency brought a package named $$package" >&2; exit 1; }; done
	cp -R handlers schemas "$(ARTIFACTS_DIR)"
	rm "$(ARTIFACTS_DIR)/schemas/export.py"
	cd "$(ARTIFACTS_DIR)" && find handlers schemas -name __pycache__ -prune -exec rm -rf {} +
	@cd "$(ARTIFACTS_DIR)" && $(if $(COMPILER),$(COMPILE) handlers schemas,$(NOT_COMPILED))
	find "$(ARTIFACTS_DIR)" -exec touch -d 1980-01-01T00:00:00Z {} +

# Made aside and moved into place, so that a build that was stopped halfway is not taken for a whole one.
$(DEPENDENCIES): requirements/lambda.txt ops/trim_models.py Makefile
	rm -rf $@ $@.part
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes --only-binary=:all: \
		--implementation cp --python-version $(PYVERSION) --platform $(PLATFORM) --target $@.part -r requirements/lambda.txt
	$(PYTHON) ops/trim_models.py $@.part/botocore/data $(SERVICES)
	rm -rf $@.part/bin $@.part/boto3/data $@.part/boto3/examples
	find $@.part -type d \( -name tests -o -name __pycache__ \) -prune -exec rm -rf {} +
	find $@.part -path '*.dist-info/*' \( -name RECORD -o -name INSTALLER -o -name REQUESTED -o -name direct_url.json \) -delete
	$(if $(COMPILER),cd $@.part && $(COMPILE) *)
	mv $@.part $@
	touch $@

# ---- deploy ----------------------------------------------------------------------------------------------------------

# ENV, SENDER and the others reach ops/deploy as environment variables, as make hands on what it was given: a shell that read
# them in a recipe would run what is in them.
SAM ?= $(CURDIR)/.venv/sam/bin/sam
deploy destroy: export SAM := $(SAM)
deploy destroy: export PYTHON := $(PYTHON)
deploy destroy: export SAM_CLI_TELEMETRY := 0

.PHONY: deploy destroy
deploy: .venv/local .venv/sam/installed ## to AWS: ENV=dev|staging|prod SENDER=… OWNER=… ORIGIN=… (docs/deploy.md)
	@.venv/bin/python -m ops.deploy deploy

destroy: .venv/local .venv/sam/installed ## take the stack of ENV away; says what is kept
	@.venv/bin/python -m ops.deploy destroy

# ---- supply chain ----------------------------------------------------------------------------------------------------

.PHONY: sbom audit
sbom: .venv/audit/installed ## list what Lambda ships, in CycloneDX: .build/contactflow.cdx.json
	@mkdir -p .build
	.venv/audit/bin/python -W ignore::UserWarning -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible \
		--output-format JSON --output-file .build/contactflow.cdx.json requirements/lambda.txt

audit: .venv/audit/installed | .venv/bin/python ## ask a public list for vulnerabilities of everything locked (needs the Internet)
	@.venv/bin/python -m ops.audit requirements/*.txt loadtest/package-lock.json tests/policy/package-lock.json

.venv/audit/installed: requirements/audit.txt
	$(BASE_PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/audit.txt
	touch $@
