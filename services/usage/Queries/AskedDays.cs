using System.Globalization;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Queries;

/// <summary>Days as addresses write them.</summary>
internal static class AskedDays
{
    public static bool TryRead(string? text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return string.IsNullOrEmpty(text) || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    public static ProblemHttpResult NotADay(string field) =>
        Problems.Invalid(field, "date-unreadable", "La date n'est pas lisible.", "Écrivez-la AAAA-MM-JJ, par exemple 2026-03-29.");
}
