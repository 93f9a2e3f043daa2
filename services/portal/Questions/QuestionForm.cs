using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Domain;

namespace Cdr.Portal.Questions;

/// <summary>The question as it is being typed.</summary>
public sealed class QuestionForm
{
    /// <summary>By names and birth date instead of by number.</summary>
    public bool ByNames { get; set; }

    public string Nir { get; set; } = "";

    public string FamilyName { get; set; } = "";

    public string GivenName { get; set; } = "";

    public string BirthDate { get; set; } = "";

    public string BeneficiaryBirthDate { get; set; } = "";

    public string BirthRank { get; set; } = "";

    public string CareDate { get; set; } = "";

    /// <summary>Id of the kind of care; empty when the care date is the one that counts.</summary>
    public string CareKind { get; set; } = "";

    public string PrescriptionDate { get; set; } = "";

    public string Reason { get; set; } = "";

    public string Regime { get; set; } = "";

    public bool Refresh { get; set; }

    /// <summary>Every regime, where a search would end with the first open right.</summary>
    public bool Exhaustive { get; set; }

    /// <summary>The ticket that it is asked for, whose answer it may stand beside.</summary>
    public Guid? Ticket { get; set; }

    /// <summary>Whether anything about a person was typed.</summary>
    public bool IsTouched => (Nir + FamilyName + GivenName + BirthDate + BeneficiaryBirthDate).Length > 0;

    /// <summary>Whether the page asks for the date of a prescription.</summary>
    public bool MayBePrescribed => Kind is { MayBePrescribed: true };

    private CareKind? Kind => Domain.CareKind.Parse(CareKind).TryGet(out var kind, out _) ? kind : null;

    /// <summary>What is wrong, by field, in the order of the page; empty when it can be asked.</summary>
    public IReadOnlyList<FieldError> Check(DateOnly today)
    {
        List<FieldError> errors = [];
        if (ByNames)
        {
            if (string.IsNullOrWhiteSpace(FamilyName))
                errors.Add(new FieldError(Fields.FamilyName, "family-name-missing", null, null));
            if (string.IsNullOrWhiteSpace(GivenName))
                errors.Add(new FieldError(Fields.GivenName, "given-name-missing", null, null));
            Add(errors, Fields.BirthDate, Domain.BirthDate.Parse(BirthDate, today));
        }
        else
        {
            AddNir(errors);
            if (!string.IsNullOrWhiteSpace(BeneficiaryBirthDate))
                Add(errors, Fields.BeneficiaryBirthDate, Domain.BirthDate.Parse(BeneficiaryBirthDate, today));
            if (BirthRank.Length > 0)
                Add(errors, Fields.BirthRank, Domain.BirthRank.Parse(BirthRank));
        }

        if (!DateOnly.TryParseExact(CareDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var care))
            errors.Add(new FieldError(Fields.CareDate, "care-date-missing", null, null));
        else if (care > today.AddYears(1))
            errors.Add(new FieldError(Fields.CareDate, "care-date-too-late", null, null));
        else if (Domain.BirthDate.Parse(ByNames ? BirthDate : BeneficiaryBirthDate, today).TryGet(out var birth, out _) && birth.IsAfter(care))
            errors.Add(new FieldError(Fields.CareDate, "care-date-before-birth", null, null));
        else
            AddPrescription(errors, care);
        Add(errors, Fields.Reason, ConsultationReason.Parse(Reason));
        return errors;
    }

    /// <summary>The API names a field by its path; the page by its last part.</summary>
    public static string Place(string field) => field[(field.LastIndexOf('.') + 1)..];

    /// <summary>Whether the page has a place, as it is now, to say what is wrong with that field.</summary>
    public bool Shows(string field) => Place(field) switch
    {
        Fields.FamilyName or Fields.GivenName or Fields.BirthDate => ByNames,
        Fields.Nir or Fields.BeneficiaryBirthDate => !ByNames,
        Fields.CareDate or Fields.Reason => true,
        Fields.PrescriptionDate => MayBePrescribed,
        _ => false,
    };

    /// <summary>The question, without its id. A candidate names the person instead of what was typed.</summary>
    public ConsultationRequest ToRequest(string? candidate = null)
    {
        var common = new ConsultationRequest
        {
            CareDate = CareDate, CareKind = Given(CareKind), PrescriptionDate = MayBePrescribed ? Given(PrescriptionDate) : null, Reason = Reason, Regime = Given(Regime), Refresh = Refresh,
            Exhaustive = Exhaustive && Regime.Length == 0,
        };
        if (candidate is not null)
            return common with { Candidate = candidate, Regime = null };
        return ByNames
            ? common with { Names = new PersonNames(FamilyName.Trim(), GivenName.Trim()), BirthDate = BirthDate.Trim() }
            : common with
            {
                Nir = Nir.Trim(),
                BeneficiaryBirthDate = Given(BeneficiaryBirthDate),
                BirthRank = Domain.BirthRank.Parse(BirthRank).TryGet(out var rank, out _) ? rank.Value : null,
            };
    }

    /// <summary>What was asked, of nobody yet: nor for a ticket, which is about a person.</summary>
    public QuestionForm WithoutPerson() => new()
    {
        ByNames = ByNames, CareDate = CareDate, CareKind = CareKind, PrescriptionDate = PrescriptionDate, Reason = Reason, Regime = Regime, Refresh = Refresh, Exhaustive = Exhaustive,
    };

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(QuestionForm);

    private static string? Given(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static void Add<T>(List<FieldError> errors, string field, Parsed<T> parsed)
        where T : notnull
    {
        if (!parsed.TryGet(out _, out var error))
            errors.Add(new FieldError(field, error.Code, error.Position, error.Message));
    }

    private void AddPrescription(List<FieldError> errors, DateOnly care)
    {
        if (!MayBePrescribed || (PrescriptionDate.Length == 0 && !Kind!.IsByPrescription))
            return;
        if (!DateOnly.TryParseExact(PrescriptionDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var prescribed))
            errors.Add(new FieldError(Fields.PrescriptionDate, "prescription-date-missing", null, null));
        else if (prescribed > care)
            errors.Add(new FieldError(Fields.PrescriptionDate, "prescription-date-after-care", null, null));
    }

    private void AddNir(List<FieldError> errors)
    {
        if (!Domain.Nir.Parse(Nir).TryGet(out var nir, out var error))
            errors.Add(new FieldError(Fields.Nir, error.Code, error.Position, error.Message));
        else if (nir.Kind == NirKind.Fictitious)
            errors.Add(new FieldError(Fields.Nir, "nir-fictitious", null, null));
    }
}

/// <summary>Names of the fields, as the API says them.</summary>
internal static class Fields
{
    public const string Nir = "nir";
    public const string FamilyName = "familyName";
    public const string GivenName = "givenName";
    public const string BirthDate = "birthDate";
    public const string BeneficiaryBirthDate = "beneficiaryBirthDate";
    public const string BirthRank = "birthRank";
    public const string CareDate = "careDate";
    public const string PrescriptionDate = "prescriptionDate";
    public const string Reason = "reason";
    public const string Regime = "regime";
}

/// <summary>What is wrong with a field.</summary>
/// <param name="Field">One of <see cref="Fields"/>.</param>
/// <param name="Code">Stable code; the page has its own sentence for those without a message.</param>
/// <param name="Position">Zero-based place in the text.</param>
/// <param name="Message">The sentence of the value, the same as the API's.</param>
public sealed record FieldError(string Field, string? Code, int? Position, string? Message);
