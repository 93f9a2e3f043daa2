using Cdr.EndToEnd.Tests;
using Cdr.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(TestServers))]
[assembly: AssemblyFixture(typeof(Platforms))]
// They stop and kill what the others use.
[assembly: Parallelization(Mode = ParallelMode.None)]
