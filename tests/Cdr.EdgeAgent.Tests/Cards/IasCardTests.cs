using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Tests.VirtualCards;

namespace Cdr.EdgeAgent.Tests.Cards;

public sealed class IasCardTests
{
    private static readonly byte[] Value = "a value to sign"u8.ToArray();
    private static readonly byte[] Pin = "1234"u8.ToArray();

    [Theory]
    [InlineData("cps3")]
    [InlineData("cps4")]
    public void The_authentication_key_signs_and_the_signature_key_never_does(string generation)
    {
        using var card = TestCards.Make(generation == "cps3" ? CardProfile.Cps3 : CardProfile.Cps4);
        using var channel = new CardInProcess(card);
        var signer = new IasCard(channel);
        var facts = Read(signer);
        Assert.Equal((generation, 3), (facts.Family.Name(), facts.TriesLeft));
        Assert.Equal(TestCards.Authentication.RawData, facts.Certificate);

        var signed = Assert.IsType<CardSigning.Signed>(signer.Sign(facts, Pin, Value, "RS256"));
        using var key = TestCards.Authentication.GetRSAPublicKey()!;
        Assert.True(key.VerifyData(Value, signed.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal([0x82], card.Signed);
    }

    [Fact]
    public void A_cps4_signs_ps256_by_the_reference_that_it_tells_itself()
    {
        using var card = TestCards.Make(CardProfile.Cps4);
        var signer = new IasCard(new CardInProcess(card));
        var facts = Read(signer);
        Assert.Equal(["RS256", "PS256"], facts.Algorithms);
        var signed = Assert.IsType<CardSigning.Signed>(signer.Sign(facts, Pin, Value, "PS256"));
        using var key = TestCards.Authentication.GetRSAPublicKey()!;
        Assert.True(key.VerifyData(Value, signed.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        Assert.False(key.VerifyData(Value, signed.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal([0x82], card.Signed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cps4_that_does_not_tell_it_signs_rs256_alone(bool spoilt)
    {
        using var card = TestCards.Make(CardProfile.Cps4 with { Pss = null, SpoiltTokenInfo = spoilt });
        var signer = new IasCard(new CardInProcess(card));
        var facts = Read(signer);
        Assert.Equal(["RS256"], facts.Algorithms);
        Assert.Equal(new CardSigning.Failed(CardTrouble.AlgorithmUnknown), signer.Sign(facts, Pin, Value, "PS256"));
        Assert.IsType<CardSigning.Signed>(signer.Sign(facts, Pin, Value, "RS256"));
    }

    [Fact]
    public void A_key_is_chosen_by_its_use_where_its_label_is_another()
    {
        using var card = TestCards.Make(CardProfile.Cps3 with { KeyLabel = "Clé d'authentification" });
        var signer = new IasCard(new CardInProcess(card));
        Assert.IsType<CardSigning.Signed>(signer.Sign(Read(signer), Pin, Value, "RS256"));
        Assert.Equal([0x82], card.Signed);
    }

    [Fact]
    public void A_card_with_a_signature_key_alone_signs_nobody_in()
    {
        using var card = TestCards.Make(CardProfile.Cps3 with { WithoutAuthenticationKey = true });
        Assert.Equal(new CardReading.Failed(CardTrouble.NoAuthenticationKey), new IasCard(new CardInProcess(card)).Read());
    }

    [Fact]
    public void A_signature_by_the_other_key_is_found_before_it_leaves_the_post()
    {
        using var card = TestCards.Make(CardProfile.Cps3 with { SwappedKeys = true });
        var signer = new IasCard(new CardInProcess(card));
        Assert.Equal(new CardSigning.Failed(CardTrouble.WrongSignature), signer.Sign(Read(signer), Pin, Value, "RS256"));
    }

    [Theory]
    [InlineData("PS256")]
    [InlineData("HS256")]
    [InlineData("RS1")]
    [InlineData("none")]
    public void An_algorithm_that_the_card_has_not_costs_no_try(string algorithm)
    {
        using var card = TestCards.Make();
        var signer = new IasCard(new CardInProcess(card));
        var facts = Read(signer);
        var before = card.Commands;
        Assert.Equal(new CardSigning.Failed(CardTrouble.AlgorithmUnknown), signer.Sign(facts, Pin, Value, algorithm));
        Assert.Equal(before, card.Commands);
    }

    [Fact]
    public void Wrong_pins_are_counted_down_until_the_card_is_blocked()
    {
        using var card = TestCards.Make();
        var signer = new IasCard(new CardInProcess(card));
        var facts = Read(signer);
        Assert.Equal(new CardSigning.WrongPin(2), signer.Sign(facts, "0000"u8, Value, "RS256"));
        Assert.Equal(new CardSigning.WrongPin(1), signer.Sign(facts, "0000"u8, Value, "RS256"));
        Assert.Equal(1, Read(signer).TriesLeft);
        Assert.Equal(new CardSigning.Blocked(), signer.Sign(facts, "0000"u8, Value, "RS256"));
        Assert.Equal(new CardSigning.Blocked(), signer.Sign(facts, Pin, Value, "RS256"));
        Assert.True(Read(signer).IsBlocked);
        Assert.Empty(card.Signed);
    }

    [Fact]
    public void A_card_that_leaves_before_any_command_ends_the_conversation_and_nothing_else()
    {
        var commands = Converse(new CardInProcess(TestCards.Make()), out var complete);
        Assert.IsType<CardSigning.Signed>(complete);
        Assert.InRange(commands, 20, 60);
        foreach (var loss in Enum.GetValues<CardLoss>())
        {
            for (var at = 0; at < commands; at++)
            {
                using var card = TestCards.Make();
                using var channel = new CardInProcess(card) { LostAt = (at, loss) };
                Converse(channel, out var outcome);
                Assert.Equal(new CardSigning.Failed(Expected(loss)), outcome);
                Assert.False(channel.IsHeld);
            }
        }
    }

    [Fact]
    public void Another_card_in_the_reader_is_not_shown_the_pin()
    {
        using var first = TestCards.Make();
        using var second = TestCards.Make(CardProfile.Cps3 with { Serial = "80250000010000005678" });
        using var channel = new CardInProcess(first);
        var signer = new IasCard(channel);
        var facts = Read(signer);
        channel.Exchange(second);
        Assert.Equal(new CardSigning.Failed(CardTrouble.AnotherCard), signer.Sign(facts, "9999"u8, Value, "RS256"));
        Assert.Equal(3, second.TriesLeft);
    }

    [Theory]
    [InlineData(true, CardReset.WhenAlone)]
    [InlineData(false, CardReset.Never)]
    public void The_card_is_reset_only_by_whoever_presented_a_pin(bool present, object expected)
    {
        using var card = TestCards.Make();
        using var channel = new CardInProcess(card);
        var signer = new IasCard(channel);
        var facts = Read(signer);
        if (present)
            signer.Sign(facts, Pin, Value, "RS256");
        signer.Leave(CardReset.WhenAlone);
        Assert.Equal(expected, channel.ClosedWith);
        Assert.False(card.IsVerified);
    }

    private static int Converse(CardInProcess channel, out CardSigning outcome)
    {
        using var signer = new IasCard(channel);
        outcome = signer.Read() switch
        {
            CardReading.Read { Card: var facts } => signer.Sign(facts, Pin, Value, "RS256"),
            CardReading.Failed { Why: var why } => new CardSigning.Failed(why),
            _ => throw new InvalidOperationException(),
        };
        return channel.Commands;
    }

    private static CardTrouble Expected(CardLoss loss) => loss switch
    {
        CardLoss.Withdrawn => CardTrouble.Withdrawn,
        CardLoss.Reset => CardTrouble.Reset,
        CardLoss.ServiceGone => CardTrouble.ServiceGone,
        CardLoss.Busy => CardTrouble.Busy,
        _ => CardTrouble.ReaderFailed,
    };

    private static CardFacts Read(IasCard signer) => Assert.IsType<CardReading.Read>(signer.Read()).Card;
}
