using System.Globalization;
using System.Text.Json;
using Cdr.Testing.Platforms;

namespace Cdr.Bench.Running;

/// <summary>What a cached question at 128 connections cost when it was last written down: it only goes down. Committed, and written by <c>--write-baseline</c> alone.</summary>
/// <param name="BytesACachedQuestion">That Rights allocates.</param>
/// <param name="CpuOverFloorB">CPU time of Rights, over that of floor B's process in the same rounds: another machine's microseconds are no measure.</param>
internal sealed record Baseline(double BytesACachedQuestion, double CpuOverFloorB)
{
    // Less than this two runs of one build differ by.
    private const double Nothing = 0.02;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    private static string File => Path.Combine(Repository.Root, "tests", "Cdr.Bench", "baseline.json");

    /// <summary>Null where none was ever written.</summary>
    public static Baseline? Read() => System.IO.File.Exists(File) ? JsonSerializer.Deserialize<Baseline>(System.IO.File.ReadAllBytes(File), Json) : null;

    public void Write() => System.IO.File.WriteAllText(File, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Lower, same or higher: the same where what was written lies within the spread of these rounds.</summary>
    public static FigureRow Compare(Rounds now, double? before, string format)
    {
        const string what = "    beside baseline.json";
        if (before is not { } written)
            return new FigureRow(what, "nothing is written yet: --write-baseline");
        var change = now.Median / written - 1;
        var word = Math.Abs(change) <= Nothing || (written >= now.Values.Min() && written <= now.Values.Max()) ? "same as" : change < 0 ? "lower than" : "higher than";
        return new FigureRow(what, string.Create(CultureInfo.InvariantCulture, $"{word} {written.ToString(format, CultureInfo.InvariantCulture)} ({change:+0.0 %;−0.0 %})"), new Goal("lower or same", word != "higher than"));
    }
}
