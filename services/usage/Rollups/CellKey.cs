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
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Shape.ToString(System.Globalization.CultureInfo.InvariantCulture) + '\u001f' + string.Join('\u001f', Values)), hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    public static CellKey Of(ConsultationFact fact, Shape shape)
    {
        var told = shape.Dimensions;
        return new CellKey(
            shape.Id,
            Told(Dimensions.Department, fact.Department),
            Told(Dimensions.Group, fact.Group),
            Told(Dimensions.Establishment, fact.Establishment),
            Told(Dimensions.Unit, fact.Unit),
            Told(Dimensions.Function, fact.Function),
            Told(Dimensions.Regime, fact.Regime),
            Told(Dimensions.Reason, fact.Reason),
            Told(Dimensions.Outcome, Outcomes[(int)fact.Outcome]),
            Told(Dimensions.Source, Sources[(int)fact.Source]));

        string Told(Dimensions one, string value) => (told & one) != 0 ? value : "";
    }

    /// <summary>As they cross the wire.</summary>
    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
}
