using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cdr.Contracts.Sessions;

/// <summary>What binds a report to its post and to the agent that made it.</summary>
public static class PostValue
{
    /// <summary>Bytes of a post's secret, at least.</summary>
    public const int ShortestSecret = 16;

    /// <summary>At most.</summary>
    public const int LongestSecret = 64;

    private const string Header = "CDR-POST-1";
    private const int IdLength = 18;

    /// <summary>A post's id is a hash of a secret that only the post knows: whoever reads the id in a list reports nothing in its name.</summary>
    /// <param name="secret">Stable, of the machine, not to be guessed.</param>
    public static string IdOf(ReadOnlySpan<byte> secret) => Base64Url.EncodeToString(SHA256.HashData(secret).AsSpan(0, IdLength));

    /// <summary>SHA-256 over the header and every field in the report's order, each with its length before it (u16, big-endian): numbers and booleans as text, what is null as one zero byte.</summary>
    public static byte[] HashOf(PostReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var bytes = new MemoryStream(512);
        void Write(string? text) => SignedValue.Write(bytes, text is null ? [0] : Encoding.UTF8.GetBytes(text));
        void Say(bool told) => Write(told ? "true" : "false");
        Write(Header);
        Write(report.Post);
        Write(report.Label);
        Write(report.AgentVersion);
        Write(report.System);
        Write(report.SystemVersion);
        Say(report.MultiUser);
        Write(report.Cryptolib);
        Say(report.CryptolibOnServer);
        Write(report.CardFamily);
        Write(report.Readers.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var reader in report.Readers)
        {
            Write(reader.Name);
            Say(reader.Galss);
        }

        Say(report.Galss);
        Write(report.Browser);
        Write(report.BrowserVersion);
        Write(report.VitaleApi);
        return SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
