using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;

namespace Cdr.Sessions;

/// <summary>Secrets handed out once, of which only the SHA-256 is kept: 256 random bits need no slow hash.</summary>
internal static class Secret
{
    public static (string Text, byte[] Hash) Make()
    {
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (text, HashOf(text));
    }

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Which agent, of which OS session, for which purpose.</summary>
    public static byte[] AgentOf(byte[] agentKey, string osSession, string purpose) =>
        SHA256.HashData(SignedValue.Of("", [], agentKey, osSession, purpose, ""));

    /// <summary>Null when the text is not base64url, or longer than <paramref name="longest"/> bytes.</summary>
    public static byte[]? Bytes(string? text, int longest)
    {
        if (string.IsNullOrEmpty(text) || text.Length > longest * 2 || !Base64Url.IsValid(text, out var length) || length > longest || length == 0)
            return null;
        return Base64Url.DecodeFromChars(text);
    }
}
