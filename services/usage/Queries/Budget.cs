using Cdr.Contracts.Usage;

namespace Cdr.Usage.Queries;

/// <summary>What a promise leaves to be bad, and how fast that is spent. Pure.</summary>
internal static class Budget
{
    /// <value>The windows of the burn rates, in minutes: each alert wants a long one, and a short one that says that it goes on.</value>
    public static IReadOnlyList<(string Name, int Minutes)> Windows { get; } = [("5m", 5), ("30m", 30), ("1h", 60), ("6h", 360), ("3d", 3 * 24 * 60)];

    /// <param name="id">Of the objective.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="percent">Of it, that is to be good.</param>
    /// <param name="whole">Of the budget's days.</param>
    /// <param name="windows">In the order of <see cref="Windows"/>.</param>
    public static Objective Of(string id, string unit, double percent, (long All, long Good) whole, IReadOnlyList<(long All, long Good)> windows)
    {
        // Of 99.5, 0.005 and not 0.00500000000000000097.
        var (target, allowed) = (Math.Round(percent / 100, 6), Math.Round(1 - percent / 100, 6));
        var budget = Math.Round(whole.All * allowed, 2);
        double?[] rates = [.. windows.Select(window => Rate(window, allowed))];
        return new Objective(
            id, unit, target, whole.All, whole.Good,
            whole.All == 0 ? null : Math.Round((double)whole.Good / whole.All, 6),
            budget,
            whole.All == 0 ? null : Math.Round(1 - (whole.All - whole.Good) / (whole.All * allowed), 4),
            [.. rates.Zip(Windows, (rate, window) => new BurnRate(window.Name, rate))],
            Alert(rates));
    }

    // Of 5m, 30m, 1h, 6h, 3d. At 14.4 a month's budget is gone in two days, at 6 in five.
    private static string Alert(double?[] rates) =>
        (rates[2] >= 14.4 && rates[0] >= 14.4) || (rates[3] >= 6 && rates[1] >= 6) ? "page"
        : rates[4] >= 1 && rates[3] >= 1 ? "ticket"
        : "none";

    private static double? Rate((long All, long Good) window, double allowed) =>
        window.All == 0 ? null : Math.Round((double)(window.All - window.Good) / window.All / allowed, 2);
}
