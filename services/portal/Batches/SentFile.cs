using System.Net.Http.Headers;

namespace Cdr.Portal.Batches;

/// <summary>A file of questions as it was chosen: kept until it is accepted, so that a cut or a silence loses nothing.</summary>
/// <param name="Name">As it is called on the post, for whoever chose it: it goes nowhere else.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="Type">As Rights takes it.</param>
/// <param name="Key">The same for each try: sent again after a cut, it is one file.</param>
internal sealed record SentFile(string Name, byte[] Bytes, string Type, string Key)
{
    /// <summary>What Rights takes at most.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>By its name alone: browsers name the type of a CSV as they like. Null: neither of the two.</summary>
    public static string? TypeOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch { ".csv" => "text/csv", ".json" => "application/json", _ => null };

    public static string NewKey(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    public HttpContent Content() => new ByteArrayContent(Bytes) { Headers = { ContentType = new MediaTypeHeaderValue(Type) } };

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(SentFile);
}
