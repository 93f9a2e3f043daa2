using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Monitoring;
using Cdr.EdgeAgent.Pkcs11;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.Monitoring;
using Cdr.EdgeAgent.Tests.VirtualCards;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;

namespace Cdr.EdgeAgent.Tests.Pkcs11;

/// <summary>SoftHSM2 stands for Cryptolib.</summary>
[Collection(SoftToken.OneProcess)]
public sealed class Pkcs11CardTests(RunningPlatform platform)
{
    private static readonly byte[] Value = "a value to sign"u8.ToArray();

    [Fact]
    public void The_authentication_key_signs_by_either_algorithm()
    {
        using var token = new SoftToken(TestCards.Authentication, TestCards.Signature);
        token.Here();
        using var pcsc = new ScriptedPcsc();
        using var tokens = Pkcs11Tokens.Load(SoftToken.Library)!;
        var reader = SeenBy(tokens, pcsc);
        using var card = new Pkcs11Card(tokens, pcsc, reader);
        var facts = Assert.IsType<CardReading.Read>(card.Read()).Card;
        Assert.Equal(TestCards.Authentication.RawData, facts.Certificate);
        Assert.Equal(["RS256", "PS256"], facts.Algorithms);

        using var key = TestCards.Authentication.GetRSAPublicKey()!;
        foreach (var (algorithm, padding) in new[] { ("RS256", RSASignaturePadding.Pkcs1), ("PS256", RSASignaturePadding.Pss) })
        {
            var signed = Assert.IsType<CardSigning.Signed>(card.Sign(facts, "1234"u8, Value, algorithm));
            Assert.True(key.VerifyData(Value, signed.Signature, HashAlgorithmName.SHA256, padding));
        }

        Assert.IsType<CardSigning.WrongPin>(card.Sign(facts, "4321"u8, Value, "RS256"));
        Assert.Equal(new CardSigning.Failed(CardTrouble.AnotherCard), card.Sign(facts with { Serial = "another" }, "1234"u8, Value, "RS256"));
        Assert.Equal(new CardSigning.Failed(CardTrouble.AlgorithmUnknown), card.Sign(facts, "1234"u8, Value, "HS256"));
        Assert.Equal(new CardReading.Failed(CardTrouble.Withdrawn), new Pkcs11Card(tokens, pcsc, "no such slot").Read());
        Assert.Null(Pkcs11Tokens.Load("/usr/lib/x86_64-linux-gnu/libc.so.6"));
    }

    [Fact]
    public async Task The_agent_signs_in_through_a_library()
    {
        using var card = await platform.CertificatesAsync("cpe-admissions-nord");
        // Under labels of somebody else's: the certificate's modulus finds the key.
        using var token = new SoftToken(card.Authentication, card.Signature, "Clé d'authentification");
        await using var agent = new AgentProcess(null, await platform.DoorAsync(), null, [new("CDR_AGENT_PKCS11", SoftToken.Library), new("SOFTHSM2_CONF", token.Configuration)]);
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var reply = await agent.AskAsync(new { verb = "login" });
        Assert.Equal("signed-in", CodeOf(reply));
        var session = await platform.RedeemAsync(reply);
        Assert.Equal(200, await platform.AskAsync(session));
        Assert.Equal("signed-out", CodeOf((await agent.RunAsync("logout")).Reply));
        Assert.Equal(401, await platform.AskAsync(session));
    }

    /// <summary>Its slot, as the monitor tells it.</summary>
    private static string SeenBy(Pkcs11Tokens tokens, ScriptedPcsc pcsc)
    {
        using var stop = new CancellationTokenSource();
        Slot? seen = null;
        new TokenMonitor(tokens, pcsc, TimeProvider.System).Run(news =>
        {
            seen = Assert.Single(Assert.IsType<MonitorNews.Seen>(news).Slots);
            stop.Cancel();
        }, stop.Token);
        Assert.True(seen!.SignsIn);
        return seen.Reader;
    }
}
