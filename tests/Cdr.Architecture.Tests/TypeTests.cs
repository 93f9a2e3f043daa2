using System.Reflection;
using Cdr.Architecture.Samples;
using Cdr.Architecture.Tests.Rules;
using NetArchTest.Rules;

namespace Cdr.Architecture.Tests;

public sealed class TypeTests
{
    [Fact]
    public void The_domain_does_no_input_or_output()
    {
        Assert.True(Platform.Domain.GetTypes().Length > 20);
        Assert.Empty(TypeRules.NoInputOrOutput(Types.InAssembly(Platform.Domain).That().ResideInNamespace("Cdr.Domain")));
        Assert.All(Platform.Domain.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Cdr.Architecture.Samples.Reading")]
    [InlineData("Cdr.Architecture.Samples.Calling")]
    public void A_type_that_reads_or_calls_is_seen(string samples) =>
        Assert.Single(TypeRules.NoInputOrOutput(Types.InAssembly(Assembly.GetExecutingAssembly()).That().ResideInNamespace(samples)));

    [Fact]
    public void No_service_knows_another()
    {
        Assert.Superset(
            new HashSet<string?> { "Cdr.EdgeAgent", "Cdr.Portal", "Cdr.Rights", "Cdr.Sessions", "Cdr.Support", "Cdr.Usage" },
            Platform.Services.Select(service => service.GetName().Name).ToHashSet());
        Assert.Empty(TypeRules.NoServiceKnowsAnother(Platform.Services));
    }

    [Fact]
    public void A_service_that_knows_another_is_seen() =>
        Assert.NotEmpty(TypeRules.NoServiceKnowsAnother([Platform.Services.Single(service => service.GetName().Name == "Cdr.Usage"), Platform.Contracts]));

    [Fact]
    public void The_agents_layers_stand_on_each_other()
    {
        var agent = Platform.Services.Single(service => service.GetName().Name == "Cdr.EdgeAgent");
        const string Root = "Cdr.EdgeAgent.";
        string[] protocol = [Root + "SignIn", Root + "Resident", Root + "Commands", Root + "Monitoring", Root + "Pins"];
        Assert.Empty(TypeRules.LayerKnowsNothingAbove(agent, Root + "Channels", [Root + "Pcsc", Root + "Cards", Root + "Pkcs11", .. protocol]));
        Assert.Empty(TypeRules.LayerKnowsNothingAbove(agent, Root + "Pcsc", [Root + "Cards", Root + "Pkcs11", .. protocol]));
        Assert.Empty(TypeRules.LayerKnowsNothingAbove(agent, Root + "Cards", [Root + "Pcsc", Root + "Pkcs11", .. protocol]));
        Assert.Empty(TypeRules.LayerKnowsNothingAbove(agent, Root + "SignIn", [Root + "Pcsc", Root + "Pkcs11", Root + "Resident", Root + "Commands"]));
        // Seen to fail: the other way round.
        Assert.NotEmpty(TypeRules.LayerKnowsNothingAbove(agent, Root + "Pcsc", Root + "Channels"));
    }

    [Fact]
    public void Services_are_closed_but_for_their_door() => Assert.Empty(TypeRules.OnlyTheDoorIsPublic([.. Platform.Types(Platform.Services)]));

    [Fact]
    public void A_public_type_and_a_door_that_leads_elsewhere_are_seen() =>
        Assert.Equal(
            ["OpenStore", "LeakModule", "LeakProgram", "SecretModule"],
            TypeRules.OnlyTheDoorIsPublic(
                [typeof(OpenStore), typeof(LeakModule), typeof(LeakProgram), typeof(SecretModule), typeof(DoorModule), typeof(TicketDto), typeof(Page), typeof(GivenToAPage)])
                .Select(fault => fault.Split(' ')[0].Split('.')[^1]));

    [Fact]
    public void Contracts_are_sealed_records()
    {
        Assert.True(Platform.Contracts.GetTypes().Length > 20);
        Assert.Empty(TypeRules.ContractsAreSealedRecords(Platform.Contracts.GetTypes()));
    }

    [Fact]
    public void A_contract_that_can_be_derived_or_changed_is_seen() =>
        Assert.Equal(
            ["OpenMessage", "PlainMessage"],
            TypeRules.ContractsAreSealedRecords([typeof(OpenMessage), typeof(PlainMessage), typeof(SealedMessage), typeof(OpenSet), typeof(OpenSet.One)])
                .Select(fault => fault.Split(' ')[0].Split('.')[^1]));

    [Fact]
    public void Messages_are_contracts()
    {
        Assert.Contains(Platform.Types(Platform.Services), type => type.Name == "CountConsultations");
        Assert.Empty(TypeRules.MessagesAreContracts(Platform.Types(Platform.Services)));
    }

    [Fact]
    public void A_message_of_a_services_own_is_seen() => Assert.Single(TypeRules.MessagesAreContracts([typeof(Eavesdropper)]));

    [Fact]
    public void Names_say_what_types_are() => Assert.Empty(TypeRules.NamesSayWhatTypesAre(Platform.Types(Platform.All)));

    [Theory]
    [InlineData(typeof(TicketDto))]
    [InlineData(typeof(TicketService))]
    [InlineData(typeof(TicketIntegrationEvent))]
    [InlineData(typeof(TicketManager))]
    [InlineData(typeof(TicketHelper))]
    public void A_name_that_says_nothing_is_seen(Type type) => Assert.Single(TypeRules.NamesSayWhatTypesAre([type]));
}
