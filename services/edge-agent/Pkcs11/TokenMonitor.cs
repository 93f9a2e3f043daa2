using Cdr.EdgeAgent.Monitoring;
using Cdr.EdgeAgent.Pcsc;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Cdr.EdgeAgent.Pkcs11;

/// <summary>
/// Tokens seen through the library, twice a second: its own waiting call is not offered by every driver. A token that was out and back between
/// two looks is told by its reader's count where PC/SC has the reader, and otherwise by a session that is kept open: it stays invalid.
/// </summary>
internal sealed class TokenMonitor(Pkcs11Tokens tokens, IPcsc pcsc, TimeProvider clock) : ICardMonitor
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);
    private readonly InsertionCounter insertions = new();
    private readonly Dictionary<string, ISession> open = new(StringComparer.Ordinal);

    // Slots whose reader was seen: without its word, nobody can say what lies in them.
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public void Run(Action<MonitorNews> tell, CancellationToken cancellationToken)
    {
        MonitorNews? last = null;
        using var readers = new TokenReaders(pcsc);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var news = Look(readers);
                if (!Same(news, last))
                    tell(news);
                last = news;
                Task.Delay(Often, clock, cancellationToken).GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping. The sessions that are open end with the library.
        }
    }

    private MonitorNews Look(TokenReaders readers)
    {
        try
        {
            return tokens.Use(() =>
            {
                var seen = tokens.Present().Select(slot => Look(readers, slot)).OfType<Slot>().ToList();
                insertions.Keep([.. seen.Select(slot => slot.Reader)]);
                return new MonitorNews.Seen(seen);
            });
        }
        catch (Pkcs11Exception e)
        {
            return Lost((uint)e.RV);
        }
        catch (PcscException e)
        {
            return Lost(e.Code);
        }
    }

    /// <summary>Null: its token left since the library named it.</summary>
    private Slot? Look(TokenReaders readers, ISlot slot)
    {
        try
        {
            var (description, name) = (Pkcs11Tokens.DescriptionOf(slot), Pkcs11Tokens.NameOf(slot));
            var reader = ReaderOf(readers, description);
            return TokenReaders.FamilyOf(description, reader) is { } family ? new Slot(name, family, insertions.Of(name, reader is null ? Mark(slot, name) : (object)reader.Events)) : null;
        }
        catch (Pkcs11Exception e) when (Pkcs11Tokens.IsGone(e.RV))
        {
            return null;
        }
    }

    private SlotState? ReaderOf(TokenReaders readers, string description)
    {
        try
        {
            var reader = readers.Of(description);
            if (reader is not null)
                known.Add(description);
            return reader;
        }
        catch (PcscException) when (!known.Contains(description))
        {
            return null;
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
            catch (Exception e) when (e is Pkcs11Exception or ObjectDisposedException)
            {
                open.Remove(name);
            }
        }

        return open[name] = slot.OpenSession(SessionType.ReadOnly);
    }

    private MonitorNews.Lost Lost(uint code)
    {
        insertions.Forget();
        return new MonitorNews.Lost(code);
    }

    private static bool Same(MonitorNews news, MonitorNews? last) => (news, last) switch
    {
        (MonitorNews.Seen now, MonitorNews.Seen before) => now.Slots.SequenceEqual(before.Slots),
        (MonitorNews.Lost, MonitorNews.Lost) => true,
        _ => false,
    };
}
