using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;

[assembly: AssemblyFixture(typeof(PrintedCards))]
[assembly: AssemblyFixture(typeof(TestServers))]
