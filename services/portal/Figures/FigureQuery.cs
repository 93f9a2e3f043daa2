using System.Globalization;
using Cdr.Contracts.Usage;
using Cdr.Domain;
using Cdr.Portal.Tickets;
using Microsoft.AspNetCore.WebUtilities;

namespace Cdr.Portal.Figures;

/// <summary>
/// What a page of figures shows, as its address says it: a link keeps its filters. Codes only, and nothing of a person, since whatever is in an
/// address is written in logs; what is not a code is refused by its name, and not left out: the whole would stand for the part.
/// </summary>
public sealed record FigureQuery
{
    public const string DefaultBy = "department";

    /// <value>What consultations can be told apart by.</value>
    public static IReadOnlyList<string> Dimensions { get; } = ["department", "region", "regime", "establishment", "unit", "function", "reason", "outcome", "source"];

    // As the directory keeps codes of units and functions.
    private const int LongestCode = 64;

    // What narrows; a page asked by what is none of the others shows its default.
    private static readonly string[] Narrowing = ["from", "to", "department", "establishment", "unit", "function", "regime", "reason", "month", "campaign", "phase", "days"];

    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    public string? Department { get; init; }

    public string? Establishment { get; init; }

    public string? Unit { get; init; }

    public string? Function { get; init; }

    public string? Regime { get; init; }

    public string? Reason { get; init; }

    /// <value>Everybody's, masked for who does not see all.</value>
    public bool IsCountry { get; init; }

    public string By { get; init; } = DefaultBy;

    /// <value>What a map is coloured by: consultations, or who is equipped.</value>
    public bool IsEquipment { get; init; }

    /// <value>yyyy-MM.</value>
    public string? Month { get; init; }

    public Guid? Campaign { get; init; }

    public int? Phase { get; init; }

    /// <value>Days of silence.</value>
    public int? Days { get; init; }

    /// <value>Names of filters that the address holds and that are not known: nothing may be shown of it.</value>
    public IReadOnlyList<string> Refused { get; init; } = [];

    public static FigureQuery Read(string address)
    {
        var at = address.IndexOf('?', StringComparison.Ordinal);
        var told = QueryHelpers.ParseQuery(at < 0 ? "" : address[at..].Split('#')[0]);
        var query = Read(name => told.TryGetValue(name, out var value) && value.Count == 1 ? value[0] : null);
        var known = QueryHelpers.ParseQuery(query.At(""));
        return query with { Refused = [.. Narrowing.Where(name => told.TryGetValue(name, out var value) && value.Any(one => !string.IsNullOrEmpty(one)) && !known.ContainsKey(name))] };
    }

    private static FigureQuery Read(Func<string, string?> told) => new()
    {
        From = Day(told("from")),
        To = Day(told("to")),
        Department = Cdr.Domain.Department.Parse(told("department")).TryGet(out var department, out _) ? department.Code : null,
        Establishment = Finess.Parse(told("establishment")).TryGet(out var finess, out _) ? finess.Value : null,
        Unit = Code(told("unit")),
        Function = Code(told("function")),
        Regime = Code(told("regime")),
        Reason = ConsultationReason.All.FirstOrDefault(reason => reason.Id == told("reason"))?.Id,
        IsCountry = told("scope") == "country",
        By = told("by") is { } by && Dimensions.Contains(by) ? by : DefaultBy,
        IsEquipment = told("measure") == "equipment",
        Month = Day(told("month") + "-01") is { } month ? Text(month)[..7] : null,
        Campaign = Guid.TryParse(told("campaign"), out var campaign) ? campaign : null,
        Phase = int.TryParse(told("phase"), NumberStyles.None, CultureInfo.InvariantCulture, out var phase) && phase is > 0 and < 100 ? phase : null,
        Days = int.TryParse(told("days"), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= 3650 ? days : null,
    };

    /// <summary>The address of a page, or of a file, that shows the same.</summary>
    public string At(string path)
    {
        (string Name, string? Value)[] said =
        [
            ("from", From is { } from ? Text(from) : null), ("to", To is { } to ? Text(to) : null), ("department", Department), ("establishment", Establishment), ("unit", Unit),
            ("function", Function), ("regime", Regime), ("reason", Reason), ("scope", IsCountry ? "country" : null), ("by", By == DefaultBy ? null : By),
            ("measure", IsEquipment ? "equipment" : null), ("month", Month), ("campaign", Campaign?.ToString()),
            ("phase", Phase?.ToString(CultureInfo.InvariantCulture)), ("days", Days?.ToString(CultureInfo.InvariantCulture)),
        ];
        return QueryHelpers.AddQueryString(path, said.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value)));
    }

    /// <summary>The same as a link; null where its page would refuse it: a code that may be a person's number is in no address.</summary>
    public string? Link(string path) => At(path) is var address && Read(address).Refused.Count == 0 ? address : null;

    /// <summary>The same as Usage is asked. Beyond oneself no establishment is told apart.</summary>
    public UsageFilter Filter(DateOnly? from, DateOnly? to, bool seesAll)
    {
        var isBeyond = IsCountry && !seesAll;
        return new UsageFilter
        {
            From = from is { } first ? Text(first) : null, To = to is { } last ? Text(last) : null, Department = Department, Establishment = isBeyond ? null : Establishment,
            Unit = isBeyond ? null : Unit, Function = Function, Regime = Regime, Reason = Reason, Scope = isBeyond ? "country" : null,
        };
    }

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 3000 ? day : null;

    // A unit's, a function's or a regime's; what may be a person's number is none, whatever stands between its digits.
    private static string? Code(string? text) =>
        text is { Length: > 0 and <= LongestCode } && !text.Any(char.IsControl) && !NirShape.IsIn(text) && !NirShape.IsIn(string.Concat(text.Where(char.IsLetterOrDigit))) ? text : null;
}
