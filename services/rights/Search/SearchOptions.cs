using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Cdr.Contracts;

namespace Cdr.Rights.Search;

/// <summary>How a person is looked for when nobody chose a regime. An instance decides. Section <c>Search</c>.</summary>
internal sealed class SearchOptions : IValidatableObject
{
    public const string Section = "Search";

    /// <value>Default true. False: a question must name its regime.</value>
    public bool Enabled { get; init; } = true;

    /// <value>Default: the search ends with the first open right. A question, and some reasons, may ask for more.</value>
    public SearchPolicy Policy { get; init; } = SearchPolicy.FirstOpenRight;

    /// <value>How many regimes each wave asks, the likeliest first; the wave after the last of these asks all that are left. Default 1, 2, 4.</value>
    public IReadOnlyList<int>? Waves { get; init; }

    /// <value>Default 50 ms: the next wave never starts sooner while this one is being answered.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:20")]
    public TimeSpan HedgeAtLeast { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <value>Default 500 ms: the next wave starts then at the latest. In between, a wave is waited for as long as its regimes usually take.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:20")]
    public TimeSpan HedgeAtMost { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <value>Default true: it is remembered which regime had a person's open rights, and that one is asked first.</value>
    public bool Index { get; init; } = true;

    /// <value>Default 30 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "366.00:00:00")]
    public TimeSpan IndexLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <value>Absolute address of the national directory, ending with a slash. Default null: there is none.</value>
    public Uri? Directory { get; init; }

    /// <value>Default 300 ms: what it saves is a wave.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan DirectoryTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HedgeAtMost < HedgeAtLeast)
            yield return new ValidationResult("HedgeAtMost must not be below HedgeAtLeast.", [nameof(HedgeAtMost)]);
        if (Directory is not null && (!Directory.IsAbsoluteUri || Directory.Scheme is not ("http" or "https") || !Directory.AbsolutePath.EndsWith('/')))
            yield return new ValidationResult("An absolute http or https address that ends with a slash is expected.", [nameof(Directory)]);
        if (Waves is not null && Waves.Any(size => size < 1))
            yield return new ValidationResult("A wave asks one regime at least.", [nameof(Waves)]);
    }
}

/// <summary>When a search may end.</summary>
[JsonConverter(typeof(WireName<SearchPolicy>))]
internal enum SearchPolicy
{
    /// <summary>With the first open right: few regimes learn of people who are not theirs.</summary>
    FirstOpenRight,

    /// <summary>When every able regime has been asked: two affiliations are seen.</summary>
    Exhaustive,
}
