using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Monitoring;
using Cdr.EdgeAgent.Pcsc;
using Cdr.EdgeAgent.Pkcs11;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;
using Cdr.EdgeAgent.SignIn;
using Cdr.EdgeAgent.Tests.Monitoring;
using Cdr.EdgeAgent.Tests.Resident;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;
using Net.Pkcs11Interop.Common;

namespace Cdr.EdgeAgent.Tests.Pkcs11;

/// <summary>Slots of a library beside the PC/SC readers that they are named after.</summary>
[Collection(SoftToken.OneProcess)]
public sealed class TokenMonitorTests : IDisposable
{
    private const string Reader = "XIRING Leo v2 (AA00B1-0004) 00 00";
    private const string Cps3 = "3BAC00402A001225006480000310009000";
    private const string Cps4 = "3B9B188001001225006480000401009044";
    private const string OverTheAir = "3B8F80010031B86404B0ECC1739401808290000E";
    private readonly SoftToken token = new(TestCards.Authentication, TestCards.Signature);
    private readonly WordedTokens words = new() { Description = Reader };
    private readonly ScriptedPcsc pcsc = new();
    private readonly Pkcs11Tokens tokens;

    public TokenMonitorTests()
    {
        token.Here();
        tokens = words.Load();
    }

    [Theory]
    [InlineData(Reader, Reader, Cps3, CardFamily.Cps3)]
    [InlineData(Reader, Reader, Cps4, CardFamily.Cps4)]
    [InlineData(Reader, Reader, OverTheAir, CardFamily.Contactless)]
    [InlineData(Reader, Reader, "3B751300004809EA9000", CardFamily.Vitale)]
    // Cut at 64 bytes.
    [InlineData("HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422 Smartcard", "HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422 Smartcard Reader] (KJ0AQMG07M) 00 00", Cps4, CardFamily.Cps4)]
    // A reader that says so, whatever its card answers; and without its reader, its name alone.
    [InlineData("ACS ACR1252 Dual Reader PICC 01 00", "ACS ACR1252 Dual Reader PICC 01 00", Cps3, CardFamily.Contactless)]
    [InlineData("ACS ACR1252 Dual Reader PICC 01 00", null, "", CardFamily.Contactless)]
    [InlineData(Reader, null, "", CardFamily.Cpx)]
    public void A_cards_family_is_its_readers_word_and_over_the_air_it_never_signs_in(string description, string? reader, string atr, object family)
    {
        words.Description = description;
        // Another reader, with a card of its own.
        pcsc.Put("Other 00 00", Cps3);
        if (reader is not null)
            pcsc.Put(reader, atr);
        var slot = Assert.Single(Look());
        Assert.Equal(family, slot.Family);
        using var card = new Pkcs11Card(tokens, pcsc, slot.Reader);
        if (slot.SignsIn)
            Assert.Equal(family, Assert.IsType<CardReading.Read>(card.Read()).Card.Family);
        else
            Assert.Equal(new CardReading.Failed(CardTrouble.NotOurs), card.Read());
    }

    [Fact]
    public void Without_a_card_service_the_slots_name_is_all_there_is()
    {
        pcsc.Fail(PcscCodes.NoService);
        Assert.Equal(CardFamily.Cpx, Assert.Single(Look()).Family);
    }

    [Theory]
    [InlineData(CKR.CKR_TOKEN_NOT_RECOGNIZED)]
    [InlineData(CKR.CKR_TOKEN_NOT_PRESENT)]
    [InlineData(CKR.CKR_DEVICE_REMOVED)]
    public void A_card_that_the_library_does_not_know_or_that_leaves_as_it_is_looked_at_is_no_failure_of_the_readers(CKR code)
    {
        words.Trouble = code;
        Assert.Empty(Look());
    }

    [Fact]
    public void A_library_that_fails_is()
    {
        words.Trouble = CKR.CKR_DEVICE_ERROR;
        Assert.Equal(new MonitorNews.Lost((uint)CKR.CKR_DEVICE_ERROR), First());
    }

    [Theory]
    [InlineData(CardReset.WhenAlone)]
    [InlineData(CardReset.Always)]
    public void A_card_that_was_shown_the_pin_is_reset_once_while_the_library_is_off_it(object reset)
    {
        pcsc.Put(Reader, Cps3);
        using var virtualCard = TestCards.Make();
        using var channel = new CardInProcess(virtualCard);
        var connections = 0;
        pcsc.Connected = _ =>
        {
            Assert.False(words.IsLoaded, "The library's own connection would be taken for other software's.");
            connections++;
            return channel;
        };
        using var card = Open(out var facts);
        Assert.IsType<CardSigning.Signed>(card.Sign(facts, "1234"u8, "a value"u8, "RS256"));
        card.Leave((CardReset)reset);
        card.Leave((CardReset)reset);
        Assert.Equal((1, (CardReset?)reset), (connections, channel.ClosedWith));
        // And the library is there again.
        Assert.IsType<CardReading.Read>(card.Read());
    }

    [Fact]
    public void A_card_that_was_shown_no_pin_or_whose_policy_leaves_it_is_left()
    {
        pcsc.Put(Reader, Cps3);
        pcsc.Connected = _ => throw new InvalidOperationException("Nobody connects.");
        using var card = Open(out var facts);
        card.Leave(CardReset.Always);
        Assert.IsType<CardSigning.Signed>(card.Sign(facts, "1234"u8, "a value"u8, "RS256"));
        card.Leave(CardReset.Never);
        Assert.True(words.IsLoaded);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_token_that_leaves_in_mid_session_ends_it_even_when_it_is_back_at_the_next_look(bool behindAReader, bool comesBack)
    {
        if (behindAReader)
            pcsc.Put(Reader, Cps4);
        using var platform = new WordedPlatform();
        var settings = new AgentSettings { Platform = WordedPlatform.Address };
        // Its door disposes of the library.
        using var agent = new Agent(
            settings, new CardDoor(pcsc, tokens, TimeProvider.System), platform.Reached(), new AgentKey(TimeProvider.System), new GivenPin(),
            new PostProbes(settings, () => [Reader]), new HandLocks(), TimeProvider.System, (_, _) => { });
        using var stop = new CancellationTokenSource();
        var running = agent.RunAsync(stop.Token);
        var reply = await agent.SignInAsync(null, null, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("signed-in", reply.Code);
        Assert.Equal(behindAReader ? "cps4" : "other", platform.Reports.Single()!.CardFamily);
        // The card was reset in between, and the library began anew: none of it is a withdrawal.
        var looks = words.Looks;
        await Deadline.UntilAsync("it was looked at again", TimeSpan.FromSeconds(60), () => words.Looks >= looks + 3, TestContext.Current.CancellationToken);
        Assert.Equal("open", agent.State().Session);

        if (behindAReader && comesBack)
            pcsc.Blink(Reader);
        else if (behindAReader)
            pcsc.Put(Reader, "");
        else if (comesBack)
            tokens.Use(() => tokens.Present().Single()).CloseAllSessions();
        else
            words.IsOut = true;
        Assert.Equal("withdrawn", await agent.Session!.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Contains((platform.Opened.Single(), AgentStatements.Withdrawn), platform.Stated);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_reader_whose_service_stops_is_a_doubt_and_no_withdrawal()
    {
        pcsc.Put(Reader, Cps3);
        var told = new List<MonitorNews>();
        using var stop = new CancellationTokenSource();
        var running = Task.Factory.StartNew(() => new TokenMonitor(tokens, pcsc, TimeProvider.System).Run(news =>
        {
            lock (told)
                told.Add(news);
        }, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await ToldAsync(1);
        pcsc.Fail(PcscCodes.NoService);
        await ToldAsync(2);
        pcsc.Fail(null);
        await ToldAsync(3);
        await stop.CancelAsync();
        await running;
        Assert.Equal(new MonitorNews.Lost(PcscCodes.NoService), told[1]);
        Assert.Equal([1, 2], new[] { told[0], told[2] }.Cast<MonitorNews.Seen>().Select(seen => Assert.Single(seen.Slots).Insertion));

        Task ToldAsync(int news) => Deadline.UntilAsync($"{news} news are told", TimeSpan.FromSeconds(60), () =>
        {
            lock (told)
                return told.Count == news;
        }, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        tokens.Dispose();
        pcsc.Dispose();
        token.Dispose();
    }

    private Pkcs11Card Open(out CardFacts facts)
    {
        var card = new Pkcs11Card(tokens, pcsc, Assert.Single(Look()).Reader);
        facts = Assert.IsType<CardReading.Read>(card.Read()).Card;
        return card;
    }

    private IReadOnlyList<Slot> Look() => Assert.IsType<MonitorNews.Seen>(First()).Slots;

    private MonitorNews First()
    {
        using var stop = new CancellationTokenSource();
        MonitorNews? first = null;
        new TokenMonitor(tokens, pcsc, TimeProvider.System).Run(news =>
        {
            first = news;
            stop.Cancel();
        }, stop.Token);
        return first!;
    }
}
