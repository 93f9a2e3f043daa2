using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Queries;

/// <summary>Dimensions as the wire names them.</summary>
internal static class DimensionNames
{
    /// <summary>Départements summed by region: no dimension of the store.</summary>
    public const string Region = "region";

    private static readonly Dictionary<string, Dimensions> ByName = new(StringComparer.Ordinal)
    {
        ["department"] = Dimensions.Department, ["group"] = Dimensions.Group, ["establishment"] = Dimensions.Establishment, ["unit"] = Dimensions.Unit, ["function"] = Dimensions.Function,
        ["regime"] = Dimensions.Regime, ["reason"] = Dimensions.Reason, ["outcome"] = Dimensions.Outcome, ["source"] = Dimensions.Source,
    };

    /// <value>What tells no establishment from another.</value>
    public const Dimensions OfTheCountry = Dimensions.Department | Dimensions.Function | Dimensions.Regime | Dimensions.Reason | Dimensions.Outcome | Dimensions.Source;

    public static string All { get; } = string.Join(", ", [.. ByName.Keys, Region]);

    public static bool TryRead(string name, out Dimensions dimension)
    {
        dimension = Dimensions.Department;
        return name == Region || ByName.TryGetValue(name, out dimension);
    }

    public static string Of(Dimensions dimension) => ByName.Single(pair => pair.Value == dimension).Key;

    /// <summary>The INSEE code of a département's region.</summary>
    public static string RegionOf(string department) => Department.Parse(department).TryGet(out var known, out _) ? known.Region.Code : "";

    /// <summary>A value as it is counted; null where there is none like it.</summary>
    public static string? Value(Dimensions dimension, string text) => dimension switch
    {
        Dimensions.Department => Department.Parse(text).TryGet(out var department, out _) ? department.Code : null,
        Dimensions.Establishment => Finess.Parse(text).TryGet(out var finess, out _) ? finess.Value : null,
        Dimensions.Outcome => Enum.TryParse<ConsultationOutcome>(text, ignoreCase: true, out var outcome) && char.IsLetter(text[0]) ? JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString()) : null,
        Dimensions.Source => Enum.TryParse<Freshness>(text, ignoreCase: true, out var source) && char.IsLetter(text[0]) ? JsonNamingPolicy.CamelCase.ConvertName(source.ToString()) : null,
        _ => text.Length <= 100 ? text : null,
    };
}
