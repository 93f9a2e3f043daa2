namespace Cdr.Domain;

/// <summary>One of the 101 French departments: 01–19, 2A, 2B, 21–95, 971–974, 976.</summary>
public sealed record Department
{
    private Department(string code, string name, Region region)
    {
        Code = code;
        Name = name;
        Region = region;
    }

    private static ClosedSet<Department> Known { get; } = new(
        "department", "Le code de département", static one => one.Code,
        [.. DepartmentTable.Rows.Select(static row =>
            new Department(row.Code, row.Name, Region.All.Single(region => region.Code == row.RegionCode)))]);

    /// <value>In the order of their codes, Corsica in the place of 20.</value>
    public static IReadOnlyList<Department> All => Known.All;

    /// <value>2 characters, 3 overseas.</value>
    public string Code { get; }

    public string Name { get; }

    public Region Region { get; }

    public bool IsOverseas => Code.Length == 3;

    /// <value>IANA name; a care date's "today" is the one of this zone.</value>
    public string TimeZoneId => Code switch
    {
        "971" => "America/Guadeloupe",
        "972" => "America/Martinique",
        "973" => "America/Cayenne",
        "974" => "Indian/Reunion",
        "976" => "Indian/Mayotte",
        _ => "Europe/Paris",
    };

    /// <summary>Reads a code, whatever its case; 1 is 01.</summary>
    public static Parsed<Department> Parse(string? text)
    {
        var code = text?.Trim();
        return Known.Parse(code is [>= '1' and <= '9'] ? $"0{code}" : text);
    }

    /// <summary>Whether <paramref name="text"/> is the code of one of the 101.</summary>
    public static bool Exists(string? text) => Parse(text).IsValid;

    public override string ToString() => Code;
}
