using System.Net.Http.Headers;

namespace Cdr.Portal.Tickets;

/// <summary>A picture or a PDF as it was chosen. What it is, Support finds out.</summary>
/// <param name="Name">As it is called on the post: it may name a person, and travels in a header.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="Id">UUIDv7: sent again, it is joined once.</param>
internal sealed record SentProof(string Name, byte[] Bytes, Guid Id)
{
    /// <summary>What Support takes at most.</summary>
    public const int MostBytes = 5 * 1024 * 1024;

    public string EncodedName => Uri.EscapeDataString(Name);

    public HttpContent Content() => new ByteArrayContent(Bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(SentProof);
}
