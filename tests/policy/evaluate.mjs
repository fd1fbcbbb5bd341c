// Standard input: {"name": simulation, …}, as iam-simulate describes them. Standard output: {"name": verdict, …}.
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { text } from 'node:stream/consumers'

const asked = JSON.parse(await text(process.stdin))
const answers = {}
for (const [name, simulation] of Object.entries(asked)) {
  const found = await runSimulation(simulation, {})
  answers[name] =
    found.resultType === 'error'
      ? { verdict: 'Error', why: JSON.stringify(found.errors) }
      : { verdict: found.overallResult, ignored: found.result?.ignoredContextKeys ?? [] }
}
process.stdout.write(JSON.stringify(answers))
