using System.Globalization;
using System.Runtime.CompilerServices;

namespace Cdr.Rights.Inquiry;

/// <summary>Parts, each after its length, so that no two lists of parts give one text. Written where its caller has room: it is hashed, and no string of it is made.</summary>
internal ref struct CanonicalText(Span<char> room)
{
    private DefaultInterpolatedStringHandler text = new(0, 0, CultureInfo.InvariantCulture, room);

    public ReadOnlySpan<char> Written => text.Text;

    /// <param name="part">Absent and empty differ.</param>
    public void Add(string? part)
    {
        if (part is null)
            text.AppendLiteral("-1:|");
        else
            Add(part.AsSpan());
    }

    public void Add(DateOnly? part)
    {
        if (part is not { } day)
        {
            Add((string?)null);
            return;
        }

        text.AppendLiteral("10:");
        text.AppendFormatted(day, "O");
        text.AppendLiteral("|");
    }

    public void Add(scoped ReadOnlySpan<char> part)
    {
        text.AppendFormatted(part.Length);
        text.AppendLiteral(":");
        text.AppendFormatted(part);
        text.AppendLiteral("|");
    }
}
