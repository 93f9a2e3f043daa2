using System.Globalization;
using Cdr.Domain;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>The members of a <c>rest</c> or <c>soap</c> request, as text, and their meaning once all are there.</summary>
internal sealed class AskedFields(Vocabulary vocabulary)
{
    private const int LongestName = 80;

    private string? nir;
    private string? family;
    private string? given;
    private string? birthDate;
    private string? beneficiaryBirthDate;
    private string? birthRank;
    private string? careDate;

    /// <summary>False for a member that a request does not have, or has twice.</summary>
    public bool TryAdd(string name, string value)
    {
        if (!vocabulary.TryRead(name, out var member))
            return false;
        return member switch
        {
            Member.Nir => Set(ref nir, value),
            Member.Nom => Set(ref family, value),
            Member.Prenom => Set(ref given, value),
            Member.DateNaissance => Set(ref birthDate, value),
            Member.DateNaissanceBeneficiaire => Set(ref beneficiaryBirthDate, value),
            Member.RangNaissance => Set(ref birthRank, value),
            Member.DateSoins => Set(ref careDate, value),
            _ => false,
        };
    }

    public Reading Read()
    {
        if (careDate is null || !vocabulary.Dates.TryReadDay(careDate, out var care))
            return Reading.Refused("DATE", "La date des soins manque ou ne se lit pas.");

        BirthDate? beneficiary = null;
        if (beneficiaryBirthDate is not null && (beneficiary = vocabulary.Dates.ReadBirthDate(beneficiaryBirthDate)) is null)
            return Reading.Refused("DATE", "La date de naissance du bénéficiaire ne se lit pas.");

        int? rank = null;
        if (birthRank is not null)
        {
            if (!BirthRank.Parse(birthRank).TryGet(out var read, out _))
                return Reading.Refused("RANG", "Le rang de naissance va de 1 à 9.");
            rank = read.Value;
        }

        var asksByName = family is not null || given is not null || birthDate is not null;
        return (nir, asksByName) switch
        {
            (null, true) => ReadNames(beneficiary, rank, care),
            (not null, false) => ReadNir(nir, beneficiary, rank, care),
            _ => Reading.Refused("REQUETE", "Demander soit un NIR, soit un nom, un prénom et une date de naissance."),
        };
    }

    internal static Reading ReadNir(string nir, BirthDate? beneficiary, int? rank, DateOnly care) =>
        nir.Length == 13 && Nir.Parse(nir) is { IsValid: true } parsed && parsed.Value.Value == nir
            ? new Reading(new Question(nir, null, beneficiary, rank, care), null)
            : Reading.Refused("NIR", "Le NIR ne compte pas treize caractères valides.");

    internal static Reading ReadNames(string? family, string? given, BirthDate? birthDate, DateOnly care) =>
        family is { Length: > 0 and <= LongestName } && given is { Length: > 0 and <= LongestName } && birthDate is not null
            ? new Reading(new Question(null, new AskedNames(family, given, birthDate), null, null, care), null)
            : Reading.Refused("REQUETE", "Une recherche par le nom demande nom, prénom et date de naissance.");

    private Reading ReadNames(BirthDate? beneficiary, int? rank, DateOnly care) => beneficiary is null && rank is null
        ? ReadNames(family, given, birthDate is null ? null : vocabulary.Dates.ReadBirthDate(birthDate), care)
        : Reading.Refused("REQUETE", "La date de naissance et le rang du bénéficiaire accompagnent un NIR.");

    private static bool Set(ref string? field, string value)
    {
        if (field is not null)
            return false;
        field = value;
        return true;
    }

    internal static string Text(int rank) => rank.ToString(CultureInfo.InvariantCulture);
}
