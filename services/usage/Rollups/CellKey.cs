using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;

namespace Cdr.Usage.Rollups;

/// <summary>What the consultations of one count have in common. What its shape does not tell apart is empty.</summary>
internal readonly record struct CellKey(
    short Shape, string Department, string Group, string Establishment, string Unit, string Function, string Regime, string Reason, string Outcome, string Source)
{
    private static readonly string[] Outcomes = Names<ConsultationOutcome>();
    private static readonly string[] Sources = Names<Freshness>();

    /// <value>In the order of the columns.</value>
    public string[] Values => [Department, Group, Establishment, Unit, Function, Regime, Reason, Outcome, Source];

    /// <summary>
    /// Its words as one: the database looks up sixteen bytes, whatever it guesses of nine columns. The migration calculates the same.
    /// </summary>
    public Guid Digest()
    {
        var letters = Department.Length + Group.Length + Establishment.Length + Unit.Length + Function.Length + Regime.Length + Reason.Length + Outcome.Length + Source.Length;
        // Three bytes a letter at most, six for the shape, nine separators. A rebuild digests millions.
        var most = letters * 3 + 15;
        Span<byte> words = most <= 1024 ? stackalloc byte[most] : new byte[most];
        Shape.TryFormat(words, out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
        Append(Department, words);
        Append(Group, words);
        Append(Establishment, words);
        Append(Unit, words);
        Append(Function, words);
        Append(Regime, words);
        Append(Reason, words);
        Append(Outcome, words);
        Append(Source, words);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(words[..length], hash);
        return new Guid(hash[..16], bigEndian: true);

        void Append(string word, Span<byte> to)
        {
            to[length++] = 0x1f;
            length += Encoding.UTF8.GetBytes(word, to[length..]);
        }
    }

    public static string NameOf(ConsultationOutcome outcome) => Outcomes[(int)outcome];

    public static string NameOf(Freshness source) => Sources[(int)source];

    /// <summary>As they cross the wire.</summary>
    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
}
