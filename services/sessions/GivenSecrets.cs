using System.Buffers.Text;
using System.Security.Cryptography;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Sessions;

/// <summary>
/// Tickets, renewal secrets and sessions' ids, which show by themselves that this platform gave them: one part is random, the other a keyed
/// hash of the first. Whoever guesses is refused before anybody asks the database.
/// </summary>
internal sealed class GivenSecrets([FromKeyedServices(SessionsModule.Name)] Pseudonyms pseudonyms)
{
    public const string Ticket = "sign-in-ticket";
    public const string Renewal = "session-renewal";
    private const string Session = "session-id";
    private const int Half = 16;

    // Of an id's sixteen bytes: the instant, the version and 26 random bits before it.
    private const int IdHead = 10;

    /// <summary>A new one, and its SHA-256, which is all that is kept of it.</summary>
    public (string Text, byte[] Hash) Make(string purpose)
    {
        var random = RandomNumberGenerator.GetBytes(Half);
        var text = Base64Url.EncodeToString([.. random, .. pseudonyms.Of(purpose, Convert.ToHexString(random)).AsSpan(0, Half)]);
        return (text, Secret.HashOf(text));
    }

    /// <summary>An id (UUIDv7) of a session, whose last 48 bits are a keyed hash of the others. It is no secret; but one that is made up is seen without asking the database.</summary>
    public Guid MakeSessionId(DateTimeOffset at)
    {
        Span<byte> id = stackalloc byte[16];
        Guid.CreateVersion7(at).TryWriteBytes(id, bigEndian: true, out _);
        pseudonyms.Of(Session, Convert.ToHexString(id[..IdHead])).AsSpan(0, id.Length - IdHead).CopyTo(id[IdHead..]);
        return new Guid(id, bigEndian: true);
    }

    public bool IsOurs(Guid session)
    {
        var id = session.ToByteArray(bigEndian: true);
        return pseudonyms.AllOf(Session, Convert.ToHexString(id, 0, IdHead)).Any(one => CryptographicOperations.FixedTimeEquals(one.Pseudonym.AsSpan(0, id.Length - IdHead), id.AsSpan(IdHead)));
    }

    public bool AreOurs(string purpose, string text)
    {
        if (Secret.Bytes(text, 2 * Half) is not { Length: 2 * Half } bytes)
            return false;
        return pseudonyms.AllOf(purpose, Convert.ToHexString(bytes, 0, Half)).Any(one => CryptographicOperations.FixedTimeEquals(one.Pseudonym.AsSpan(0, Half), bytes.AsSpan(Half)));
    }
}
