using Cdr.EdgeAgent.Tests.Machine;

[assembly: AssemblyFixture(typeof(RunningPlatform))]
