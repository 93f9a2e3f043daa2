using System.Buffers.Text;
using System.Security.Cryptography;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Sessions;

/// <summary>
/// Tickets and renewal secrets, which show by themselves that this platform gave them: half of one is random, the other half a keyed hash of
/// the first. Whoever guesses is refused before anybody asks the database.
/// </summary>
internal sealed class GivenSecrets([FromKeyedServices(SessionsModule.Name)] Pseudonyms pseudonyms)
{
    public const string Ticket = "sign-in-ticket";
    public const string Renewal = "session-renewal";
    private const int Half = 16;

    /// <summary>A new one, and its SHA-256, which is all that is kept of it.</summary>
    public (string Text, byte[] Hash) Make(string purpose)
    {
        var random = RandomNumberGenerator.GetBytes(Half);
        var text = Base64Url.EncodeToString([.. random, .. pseudonyms.Of(purpose, Convert.ToHexString(random)).AsSpan(0, Half)]);
        return (text, Secret.HashOf(text));
    }

    public bool AreOurs(string purpose, string text)
    {
        if (Secret.Bytes(text, 2 * Half) is not { Length: 2 * Half } bytes)
            return false;
        return pseudonyms.AllOf(purpose, Convert.ToHexString(bytes, 0, Half)).Any(one => CryptographicOperations.FixedTimeEquals(one.Pseudonym.AsSpan(0, Half), bytes.AsSpan(Half)));
    }
}
