namespace Cdr.Domain.Tests;

public sealed class DepartmentTests
{
    [Fact]
    public void There_are_101_from_01_to_976_with_two_for_Corsica()
    {
        IEnumerable<string> expected =
        [
            .. Enumerable.Range(1, 19).Select(code => $"{code:00}"), "2A", "2B",
            .. Enumerable.Range(21, 75).Select(code => $"{code}"), "971", "972", "973", "974", "976",
        ];

        Assert.Equal(expected, Department.All.Select(one => one.Code));
        Assert.Equal(101, Department.All.Count);
        Assert.Equal(101, Department.All.Select(one => one.Name).Distinct().Count());
    }

    [Fact]
    public void Each_reads_back_from_its_code() =>
        Assert.All(Department.All, one => Assert.Same(one, Department.Parse(one.ToString()).Value));

    [Theory]
    [InlineData("1", "Ain")]
    [InlineData("2a", "Corse-du-Sud")]
    [InlineData(" 75 ", "Paris")]
    [InlineData("976", "Mayotte")]
    [InlineData("90", "Territoire de Belfort")]
    public void A_code_is_read_as_people_write_it(string text, string name) =>
        Assert.Equal(name, Department.Parse(text).Value.Name);

    [Theory]
    [InlineData("20")]
    [InlineData("0")]
    [InlineData("96")]
    [InlineData("97")]
    [InlineData("98")]
    [InlineData("975")]
    [InlineData("Paris")]
    public void Any_other_code_is_unknown(string text)
    {
        Assert.Equal("department-unknown", Department.Parse(text).Error?.Code);
        Assert.False(Department.Exists(text));
    }

    [Theory]
    [InlineData("75", "Europe/Paris", false)]
    [InlineData("2B", "Europe/Paris", false)]
    [InlineData("971", "America/Guadeloupe", true)]
    [InlineData("972", "America/Martinique", true)]
    [InlineData("973", "America/Cayenne", true)]
    [InlineData("974", "Indian/Reunion", true)]
    [InlineData("976", "Indian/Mayotte", true)]
    public void Today_depends_on_the_department(string code, string timeZone, bool overseas)
    {
        var department = Department.Parse(code).Value;

        Assert.Equal((timeZone, overseas), (department.TimeZoneId, department.IsOverseas));
        Assert.True(TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _));
    }

    [Theory]
    [InlineData("84", "Auvergne-Rhône-Alpes", 12)]
    [InlineData("27", "Bourgogne-Franche-Comté", 8)]
    [InlineData("53", "Bretagne", 4)]
    [InlineData("24", "Centre-Val de Loire", 6)]
    [InlineData("94", "Corse", 2)]
    [InlineData("44", "Grand Est", 10)]
    [InlineData("32", "Hauts-de-France", 5)]
    [InlineData("11", "Île-de-France", 8)]
    [InlineData("28", "Normandie", 5)]
    [InlineData("75", "Nouvelle-Aquitaine", 12)]
    [InlineData("76", "Occitanie", 13)]
    [InlineData("52", "Pays de la Loire", 5)]
    [InlineData("93", "Provence-Alpes-Côte d'Azur", 6)]
    [InlineData("01", "Guadeloupe", 1)]
    [InlineData("02", "Martinique", 1)]
    [InlineData("03", "Guyane", 1)]
    [InlineData("04", "La Réunion", 1)]
    [InlineData("06", "Mayotte", 1)]
    public void Each_of_the_18_regions_has_its_departments(string code, string name, int departments)
    {
        Assert.Equal(18, Region.All.Count);
        Assert.Equal(departments, Department.All.Count(one => one.Region.Code == code));
        Assert.Equal(name, Region.All.Single(one => one.Code == code).ToString());
    }
}
