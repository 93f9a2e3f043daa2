using System.Globalization;
using Cdr.Domain;

namespace Cdr.RegimeSimulator.People;

/// <summary>How many live in each department, about (thousands, INSEE, rounded).</summary>
internal static class Departments
{
    private static readonly Dictionary<string, int> Thousands = Read("""
        01:672 02:522 03:333 04:167 05:142 06:1115 07:334 08:266 09:155 10:311 11:380 12:280 13:2069 14:704 15:144 16:350
        17:665 18:299 19:239 2A:164 2B:187 21:537 22:611 23:115 24:414 25:552 26:524 27:598 28:431 29:924 30:764 31:1457
        32:193 33:1677 34:1217 35:1114 36:216 37:617 38:1293 39:258 40:428 41:328 42:773 43:228 44:1483 45:688 46:175
        47:332 48:77 49:828 50:495 51:564 52:169 53:305 54:731 55:180 56:776 57:1051 58:200 59:2611 60:831 61:276 62:1459
        63:666 64:699 65:230 66:491 67:1162 68:771 69:1909 70:233 71:548 72:566 73:444 74:855 75:2113 76:1257 77:1452
        78:1458 79:375 80:566 81:396 82:265 83:1108 84:567 85:706 86:440 87:372 88:359 89:332 90:139 91:1325 92:1641
        93:1688 94:1422 95:1274 971:380 972:350 973:295 974:880 976:320
        """);

    public static IReadOnlyList<Department> All { get; } = Department.All;

    /// <value>Cumulated shares, in the order of <see cref="All"/>.</value>
    public static double[] Shares { get; } = Cumulate([.. All.Select(static one => (double)Thousands[one.Code])]);

    public static double[] Cumulate(double[] weights)
    {
        var total = weights.Sum();
        var sum = 0.0;
        return [.. weights.Select(weight => (sum += weight) / total)];
    }

    private static Dictionary<string, int> Read(string rows) =>
        rows.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(static row => row.Split(':'))
            .ToDictionary(static row => row[0], static row => int.Parse(row[1], CultureInfo.InvariantCulture));
}
