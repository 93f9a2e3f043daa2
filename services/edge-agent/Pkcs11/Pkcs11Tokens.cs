using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Monitoring;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Cdr.EdgeAgent.Pkcs11;

/// <summary>The tokens of a PKCS#11 library. A process initialises a library once.</summary>
internal sealed class Pkcs11Tokens : IDisposable
{
    private readonly IPkcs11Library library;

    private Pkcs11Tokens(IPkcs11Library library) => this.library = library;

    public static Pkcs11InteropFactories Factories { get; } = new();

    /// <summary>Null when it does not load, or does not begin.</summary>
    public static Pkcs11Tokens? Load(string file)
    {
        Pkcs11Places.Prepare();
        try
        {
            return new Pkcs11Tokens(Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, file, AppType.MultiThreaded));
        }
        catch (Exception e) when (e is Pkcs11Exception or UnmanagedException or DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Slots with a token in them.</summary>
    public IReadOnlyList<ISlot> Present() => [.. library.GetSlotList(SlotsType.WithTokenPresent).Where(slot => slot.GetTokenInfo().TokenFlags.TokenInitialized)];

    /// <summary>The slot that the monitor calls so.</summary>
    public ISlot? Find(string reader) => Present().FirstOrDefault(slot => NameOf(slot) == reader);

    public static string NameOf(ISlot slot) => $"{slot.GetSlotInfo().SlotDescription.Trim()} [{slot.SlotId}]";

    public void Dispose() => library.Dispose();
}

/// <summary>
/// Tokens seen through the library alone, twice a second: its own waiting call is not offered by every driver. A session that is kept open
/// tells a token that was out and back between two looks: it stays invalid.
/// </summary>
internal sealed class TokenMonitor(Pkcs11Tokens tokens, TimeProvider clock) : ICardMonitor
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);
    private readonly InsertionCounter insertions = new();
    private readonly Dictionary<string, ISession> open = new(StringComparer.Ordinal);

    public void Run(Action<MonitorNews> tell, CancellationToken cancellationToken)
    {
        MonitorNews? last = null;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var news = Look();
                if (!Same(news, last))
                    tell(news);
                last = news;
                Task.Delay(Often, clock, cancellationToken).GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            foreach (var session in open.Values)
                session.Dispose();
        }
    }

    private MonitorNews Look()
    {
        try
        {
            var present = tokens.Present().Select(slot => (Slot: slot, Name: Pkcs11Tokens.NameOf(slot))).ToList();
            insertions.Keep([.. present.Select(one => one.Name)]);
            return new MonitorNews.Seen([.. present.Select(one => new Slot(one.Name, CardFamily.Cpx, insertions.Of(one.Name, Mark(one.Slot, one.Name))))]);
        }
        catch (Pkcs11Exception e)
        {
            insertions.Forget();
            return new MonitorNews.Lost((uint)e.RV);
        }
    }

    private ISession Mark(ISlot slot, string name)
    {
        if (open.TryGetValue(name, out var session))
        {
            try
            {
                session.GetSessionInfo();
                return session;
            }
            catch (Pkcs11Exception)
            {
                open.Remove(name);
            }
        }

        return open[name] = slot.OpenSession(SessionType.ReadOnly);
    }

    private static bool Same(MonitorNews news, MonitorNews? last) => (news, last) switch
    {
        (MonitorNews.Seen now, MonitorNews.Seen before) => now.Slots.SequenceEqual(before.Slots),
        (MonitorNews.Lost, MonitorNews.Lost) => true,
        _ => false,
    };
}
