using System.Globalization;
using System.Text;

namespace Cdr.Usage.Tests.Campaigns;

/// <summary>Files of targets as the field has them: made here, of numbers that no establishment bears.</summary>
internal static class CampaignFiles
{
    // Départements of the phases of 2011; a FINESS begins with its département.
    private static readonly string[] Departments = ["13", "21", "31", "33", "35", "44", "51", "54", "59", "63", "67", "69", "75", "76", "80", "87", "93"];

    /// <summary>
    /// Phases 1 and 2 as they were on 2011-03-02: 675 groups of public establishments, 633 of them equipped, and 134 private clinics with
    /// an emergency department, 100 equipped.
    /// </summary>
    public static string Of2011()
    {
        var file = new StringBuilder("phase;finess_juridique;finess_geographique;nom;departement;equipe_le\r\n");
        for (var n = 0; n < 675; n++)
        {
            var equipped = n < 633 ? new DateOnly(2008, 9, 15).AddDays(n) : (DateOnly?)null;
            // Every third group has a second site, on a line of its own.
            for (var site = 0; site < (n % 3 == 0 ? 2 : 1); site++)
                Line(file, 1, Finess(n, 1000), Finess(n, 3000 + 700 * site), $"Centre hospitalier {n}", equipped);
        }

        // Those that are not yet say so for a day to come: what is planned is not done.
        for (var n = 0; n < 134; n++)
            Line(file, 2, "", Finess(n, 6000), $"Clinique {n}", n < 100 ? new DateOnly(2009, 4, 20).AddDays(6 * n) : n < 110 ? new DateOnly(2011, 3, 3).AddDays(n) : null);
        return file.ToString();
    }

    /// <summary>A FINESS of one of the départements, with its key.</summary>
    public static string Finess(int n, int series)
    {
        var digits = Departments[n % Departments.Length] + (series + n).ToString("D6", CultureInfo.InvariantCulture);
        for (var key = 0; ; key++)
        {
            if (Domain.Finess.Parse(digits + key.ToString(CultureInfo.InvariantCulture)).IsValid)
                return digits + key.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static void Line(StringBuilder file, int phase, string legal, string site, string name, DateOnly? equipped) =>
        file.Append(CultureInfo.InvariantCulture, $"{phase};{legal};{site};{name};;{equipped:dd/MM/yyyy}\r\n");
}
