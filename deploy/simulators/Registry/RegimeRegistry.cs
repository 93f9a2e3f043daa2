using System.Text.Json;

namespace Cdr.RegimeSimulator.Registry;

/// <summary>The registry of regimes (shared/regimes.json), as far as a back end needs it.</summary>
internal sealed class RegimeRegistry
{
    private const string FileName = "regimes.json";

    private readonly Dictionary<string, int> indexes;

    private RegimeRegistry(IReadOnlyList<RegimeRow> regimes)
    {
        Regimes = regimes;
        indexes = regimes.Select(static (regime, index) => (regime.Id, index)).ToDictionary(static row => row.Id, static row => row.index);
    }

    public IReadOnlyList<RegimeRow> Regimes { get; }

    /// <exception cref="InvalidDataException">The file is not a registry; the message says what to correct.</exception>
    public static RegimeRegistry Load(string? path)
    {
        var file = path ?? Path.Combine(AppContext.BaseDirectory, FileName);
        try
        {
            using var stream = File.OpenRead(file);
            var content = JsonSerializer.Deserialize<Content>(stream, JsonSerializerOptions.Web);
            return new RegimeRegistry(Checked(content?.Regimes ?? []));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The registry of regimes {file} cannot be read: {exception.Message}", exception);
        }
    }

    public int IndexOf(string id) => indexes.GetValueOrDefault(id, -1);

    public RegimeRow? Find(string id) => IndexOf(id) is >= 0 and var index ? Regimes[index] : null;

    private static RegimeRow[] Checked(RegimeRow[] regimes)
    {
        if (regimes.Length == 0)
            throw new InvalidDataException("The registry of regimes has no regime.");
        if (regimes.FirstOrDefault(static regime => regime.Protocol is not ("rest" or "soap" or "fhir")) is { } stranger)
            throw new InvalidDataException($"Regime {stranger.Id} speaks {stranger.Protocol}: expected rest, soap or fhir.");
        if (regimes.Sum(static regime => regime.PopulationShare) <= 0)
            throw new InvalidDataException("The registry of regimes gives no regime a populationShare.");
        return regimes;
    }

    private sealed record Content(RegimeRow[] Regimes);
}
