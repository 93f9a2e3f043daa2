using System.Globalization;
using System.Text;
using Cdr.EndToEnd.Tests.Journeys;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>What must be found nowhere: numbers, names and birth dates, in the forms they would be written in by mistake.</summary>
internal sealed class Needles
{
    private static readonly string[] DateForms = ["yyyy-MM-dd", "dd/MM/yyyy", "yyyyMMdd"];
    private readonly List<(string What, byte[] Bytes)> forms = [];

    /// <param name="people">Whose.</param>
    public Needles(params IEnumerable<Person> people)
    {
        foreach (var (person, index) in people.Select((person, index) => (person, index)))
        {
            var spaced = person.Nir;
            var whole = spaced.Replace(" ", "", StringComparison.Ordinal);
            Add($"number {index}", spaced, spaced[..^3], whole, whole[..13], whole[..13] + " " + whole[13..]);
            // Nobody here was born on a day that is also a care date of a test, or today.
            if (person.BirthDate is { } born)
                Add($"birth date of person {index}", [.. DateForms.Select(form => born.ToString(form, CultureInfo.InvariantCulture))]);
            foreach (var (name, at) in person.Names.Select((name, at) => (name, at)))
                Add($"name {at} of person {index}", name, name.ToUpper(CultureInfo.InvariantCulture), name.ToLower(CultureInfo.InvariantCulture), Plain(name), Plain(name).ToUpper(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Which of them are in these bytes; never the value itself.</summary>
    public IEnumerable<string> FoundIn(byte[] bytes) =>
        forms.Where(form => bytes.AsSpan().IndexOf(form.Bytes) >= 0).Select(form => form.What).Distinct(StringComparer.Ordinal);

    private void Add(string what, params IEnumerable<string> values)
    {
        foreach (var value in values.Distinct(StringComparer.Ordinal))
        {
            Form(what, value);
            Form(what + ", in a URL", Uri.EscapeDataString(value));
            Form(what + ", in a form", value.Replace(' ', '+'));
            Form(what + ", in JSON", System.Text.Json.JsonSerializer.Serialize(value)[1..^1]);
            forms.Add((what + ", in UTF-16", Encoding.Unicode.GetBytes(value)));
            forms.Add((what + ", in hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)))));
            foreach (var base64 in Base64(Encoding.UTF8.GetBytes(value)))
                Form(what + ", in base64", base64);
        }
    }

    private void Form(string what, string text) => forms.Add((what, Encoding.UTF8.GetBytes(text)));

    /// <summary>The three ways a text shows inside a longer one in base64, without the characters that its neighbours change; standard and URL alphabets.</summary>
    private static IEnumerable<string> Base64(byte[] value)
    {
        // Short names make short fragments, that chance would find.
        if (value.Length < 8)
            yield break;
        for (var shift = 0; shift < 3; shift++)
        {
            var text = Convert.ToBase64String([.. new byte[shift], .. value]);
            var first = shift == 0 ? 0 : shift + 1;
            var last = (shift + value.Length) * 8 / 6;
            yield return text[first..last];
            yield return text[first..last].Replace('+', '-').Replace('/', '_');
        }
    }

    private static string Plain(string name) => string.Concat(
        name.Replace("œ", "oe", StringComparison.Ordinal).Normalize(NormalizationForm.FormD).Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark));
}
