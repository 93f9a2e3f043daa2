using System.Buffers.Binary;
using System.Text;

namespace Cdr.Contracts.Sessions;

/// <summary>What a card signs: the agent builds it to sign, Sessions builds it again to verify.</summary>
public static class SignedValue
{
    /// <summary>First field: a signature made for anything else never opens a session.</summary>
    public const string Header = "CDR-AUTH-1";

    /// <summary>Header, origin, nonce, agent key, OS session, purpose, algorithm, each with its length before it (u16, big-endian).</summary>
    /// <param name="origin">Of the challenge.</param>
    /// <param name="nonce">32 bytes.</param>
    /// <param name="agentKey">SubjectPublicKeyInfo, DER.</param>
    /// <param name="osSession">Opaque id of the operating system's session.</param>
    /// <param name="purpose">Only <c>sign-in</c> today.</param>
    /// <param name="algorithm">The one used: it cannot be exchanged afterwards.</param>
    public static byte[] Of(string origin, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> agentKey, string osSession, string purpose, string algorithm)
    {
        using var bytes = new MemoryStream(512);
        Write(bytes, Encoding.UTF8.GetBytes(Header));
        Write(bytes, Encoding.UTF8.GetBytes(origin));
        Write(bytes, nonce);
        Write(bytes, agentKey);
        Write(bytes, Encoding.UTF8.GetBytes(osSession));
        Write(bytes, Encoding.UTF8.GetBytes(purpose));
        Write(bytes, Encoding.UTF8.GetBytes(algorithm));
        return bytes.ToArray();
    }

    internal static void Write(MemoryStream into, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)field.Length));
        into.Write(length);
        into.Write(field);
    }
}
