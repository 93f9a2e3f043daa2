using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;

namespace Cdr.Sessions.Features.ListPosts;

/// <summary>
/// Posts as a file for a spreadsheet: semicolons, as French ones expect, and no cell that one would calculate. Columns and values have the names
/// of <see cref="PostState"/> and <see cref="PostVerdict"/>, so that a program that knows the one knows the other.
/// </summary>
internal static class PostCsv
{
    private const string Header = "post;label;establishment;department;reportedAt;system;cryptolib;pki;seen;outcome;codes;refusedFrom";

    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<Post> posts, Func<Post, PostState> state, CancellationToken cancellationToken)
    {
        // With its mark: spreadsheets otherwise guess another encoding.
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteAsync(Header + "\r\n");
        await foreach (var post in posts.WithCancellation(cancellationToken))
        {
            var one = state(post);
            foreach (var verdict in one.Verdicts)
            {
                string?[] cells =
                [
                    one.Post, one.Label, one.Establishment, one.Department, one.ReportedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), one.System, one.Cryptolib,
                    verdict.Pki, verdict.Seen ? "true" : "false", verdict.Outcome, string.Join(' ', verdict.Codes), verdict.RefusedFrom?.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
                ];
                await writer.WriteAsync(string.Join(';', cells.Select(Cell)) + "\r\n");
            }
        }
    }

    internal static string Cell(string? text)
    {
        text ??= "";
        // A label that begins like a formula would be calculated.
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            text = "'" + text;
        return text.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
