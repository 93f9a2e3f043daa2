using Cdr.Testing;

[assembly: AssemblyFixture(typeof(TestServers))]
