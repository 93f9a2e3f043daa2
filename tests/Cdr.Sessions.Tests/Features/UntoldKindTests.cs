using Cdr.Drawer;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

/// <summary>Without the extension a director's card looks like an employee's: its employer alone opens nothing.</summary>
public sealed class UntoldKindTests(PrintedCards cards) : IDisposable
{
    private readonly SessionsHost host = new(cards, [new("Sessions:Trust:KindExtension", "")]);

    [Theory]
    [InlineData("cde-directeur", "no-establishment")]
    [InlineData("cda-directrice", "card-without-role")]
    [InlineData("cpe-ehpad", "establishment-not-eligible")]
    public async Task A_card_whose_kind_nobody_told_opens_nothing_by_its_employer(string card, string code)
    {
        var answer = await new TestAgent(host).OpenAsync(card);
        Assert.Equal((403, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("cpe-admissions-nord")]
    [InlineData("cps-infirmier")]
    [InlineData("cpa-hotline")]
    public async Task A_card_whose_kind_nobody_told_opens_what_the_directory_granted(string card) =>
        Assert.Equal(200, (await new TestAgent(host).OpenAsync(card)).Status);

    [Fact]
    public async Task What_the_card_alone_once_gave_opens_nothing_either()
    {
        var register = host.Services.GetRequiredService<PersonRegister>();
        await host.InStoreAsync(async db =>
        {
            db.Habilitations.Add(new Habilitation
            {
                Id = Guid.CreateVersion7(host.Clock.GetUtcNow()),
                PersonId = register.Add(db, Deck.Find("cde-directeur")!.Number).Id,
                Key = "clerk|590991014",
                Role = Contracts.Sessions.CdrRoles.Clerk,
                EstablishmentFiness = "590991014",
                Origin = HabilitationOrigins.Card,
                From = new DateOnly(2026, 1, 1),
            });
            return await db.SaveChangesAsync();
        });
        Assert.Equal("no-establishment", (await new TestAgent(host).OpenAsync("cde-directeur")).Code);
    }

    public void Dispose() => host.Dispose();
}
