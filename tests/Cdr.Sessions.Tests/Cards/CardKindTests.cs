using Cdr.Domain;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;

namespace Cdr.Sessions.Tests.Cards;

public sealed class CardKindTests : IDisposable
{
    private readonly DemoAuthority authority = DemoAuthority.Make(TimeProvider.System.GetUtcNow());

    public static TheoryData<string, string> WithoutExtension => new()
    {
        { "cps-medecin", "cps" }, { "cpf-interne", "cps" }, { "cpe-referent", "cpe-nominative" }, { "cpe-liberal", "cpe-nominative" },
        { "cpe-service", "cpe-service" }, { "cpa-hotline", "cpa" }, { "cda-directrice", "cpa" }, { "cde-directeur", "cpe-nominative" },
    };

    [Fact]
    public void The_extension_tells_every_kind_and_the_multi_valued_subject_its_holder()
    {
        foreach (var card in Deck.Cards.DistinctBy(card => card.Kind))
        {
            var identity = Read(card, new TrustOptions { KindExtension = DrawerOptions.KindExtension })!;
            Assert.Equal((card.Kind, card.Number, card.Structure), (identity.Kind, identity.Number, identity.Structure));
            Assert.Equal(card.FamilyName, identity.FamilyName);
        }
    }

    [Theory]
    [MemberData(nameof(WithoutExtension))]
    public void Without_the_extension_the_subjects_shape_tells_the_kind(string card, string kind) =>
        Assert.Equal(kind, Read(Deck.Find(card)!, new TrustOptions())!.Kind.Code);

    [Fact]
    public void An_extension_that_is_not_understood_is_not_guessed()
    {
        var options = new TrustOptions { KindExtension = DrawerOptions.KindExtension, KindValues = new() { ["cps"] = "something else" } };
        Assert.Null(Read(Deck.Find("cps-medecin")!, options));
    }

    [Fact]
    public void Values_of_the_extension_are_data()
    {
        var options = new TrustOptions { KindExtension = DrawerOptions.KindExtension, KindValues = new() { ["cps"] = "cpf" } };
        Assert.Equal(CardKind.Cpf, Read(Deck.Find("cps-medecin")!, options)!.Kind);
    }

    [Fact]
    public void An_identity_prints_neither_name_nor_number()
    {
        var identity = Read(Deck.Find("cps-medecin")!, new TrustOptions())!;
        Assert.Equal("CardIdentity cps", identity.ToString());
    }

    public void Dispose() => authority.Dispose();

    private CardIdentity? Read(DeckCard card, TrustOptions options)
    {
        using var certificate = CardPrinter.Print(card, CertificateUse.Authentication, authority, TimeProvider.System.GetUtcNow());
        return CardIdentity.Read(certificate, options);
    }
}
