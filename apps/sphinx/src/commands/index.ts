import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { advisoriesCommand } from './advisories.ts';
import { analyzeCommand } from './analyze.ts';
import { anomaliesCommand } from './anomalies.ts';
import { assetCommand, assetsCommand } from './assets.ts';
import { attackPathsCommand } from './attack-paths.ts';
import { careMapCommand } from './care-map.ts';
import { certificateCommand } from './certificate.ts';
import { configCommand } from './config.ts';
import { decideCommand } from './decide.ts';
import { doctorCommand } from './doctor.ts';
import { downtimeCommand } from './downtime.ts';
import { evidenceCommand } from './evidence.ts';
import { feedsCommand } from './feeds.ts';
import { filesCommand } from './files.ts';
import { forwardCommand } from './forward.ts';
import { honeypotsCommand } from './honeypots.ts';
import { incidentsCommand } from './incidents.ts';
import { knowledgeCommand } from './knowledge.ts';
import { logsCommand } from './logs.ts';
import { mlCommand } from './ml.ts';
import { patientDataCommand } from './patient-data.ts';
import { playbooksCommand } from './playbooks.ts';
import { probeCommand } from './probe.ts';
import { probesCommand } from './probes.ts';
import { responseCommand } from './response.ts';
import { riskCommand } from './risk.ts';
import { rulesCommand } from './rules.ts';
import { sbomCommand } from './sbom.ts';
import { sensorCommand } from './sensor.ts';
import { sensorsCommand } from './sensors.ts';
import { servicesCommand } from './services.ts';
import { softwareCommand } from './software.ts';
import { sourcesCommand } from './sources.ts';
import { startCommand } from './start.ts';
import { submissionsCommand } from './submissions.ts';
import { uptimeCommand } from './uptime.ts';
import { candidateCommand, verifyCommand } from './verify.ts';
import { weaknessesCommand } from './weaknesses.ts';

/** Every command of `sphinx`. Cheap to make: what a command needs is loaded when it runs. */
export function createCommandLine(): Command {
  const program = new Command('sphinx')
    .description('SPHINX: finds, verifies and protects every device and service of a hospital network.')
    .version(VERSION)
    .addCommand(startCommand())
    .addCommand(analyzeCommand())
    .addCommand(assetsCommand())
    .addCommand(assetCommand())
    .addCommand(verifyCommand())
    .addCommand(candidateCommand())
    .addCommand(probeCommand())
    .addCommand(probesCommand())
    .addCommand(certificateCommand())
    .addCommand(sourcesCommand())
    .addCommand(sensorCommand())
    .addCommand(sensorsCommand())
    .addCommand(servicesCommand())
    .addCommand(filesCommand())
    .addCommand(patientDataCommand())
    .addCommand(honeypotsCommand())
    .addCommand(uptimeCommand())
    .addCommand(incidentsCommand())
    .addCommand(evidenceCommand())
    .addCommand(playbooksCommand())
    .addCommand(decideCommand())
    .addCommand(responseCommand())
    .addCommand(downtimeCommand())
    .addCommand(anomaliesCommand())
    .addCommand(careMapCommand())
    .addCommand(riskCommand())
    .addCommand(attackPathsCommand())
    .addCommand(rulesCommand())
    .addCommand(logsCommand())
    .addCommand(forwardCommand())
    .addCommand(feedsCommand())
    .addCommand(knowledgeCommand())
    .addCommand(advisoriesCommand())
    .addCommand(sbomCommand())
    .addCommand(softwareCommand())
    .addCommand(submissionsCommand())
    .addCommand(weaknessesCommand())
    .addCommand(mlCommand())
    .addCommand(configCommand())
    .addCommand(doctorCommand())
    .addHelpText('after', '\nExample:\n  sphinx start\n  sphinx analyze ward.pcap --report ward.pdf');
  for (const command of everyCommand(program)) {
    command.exitOverride().showHelpAfterError(`(${nameOf(command)} --help shows how it is used)`);
  }
  return program;
}

/** A command and those below it. */
export function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** As a person types it, for example `sphinx sources add`. */
export function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
