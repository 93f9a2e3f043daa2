using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>CF614: the declaration of the médecin traitant at the care date.</summary>
internal static class PhysicianRule
{
    public static AttendingPhysician Decide(DeclaredPhysician? physician, CareDay day)
    {
        var isDated = day.Rules.DatesThePhysician;
        var end = isDated && physician?.End > day.Horizon ? null : physician?.End;
        var isBeyond = isDated && day.IsBeyondHorizon;
        var (state, sentence) = physician switch
        {
            null => (RightState.Undetermined, "Ce régime ne dit rien du médecin traitant : demandez au patient."),
            _ when isBeyond => (RightState.Undetermined, "Médecin traitant : à plus d'un an, rien n'est encore connu."),
            { Declared: false } => (RightState.Closed, "Aucun médecin traitant déclaré."),
            { Start: { } start } when day.Date < start => (
                RightState.Undetermined,
                $"Médecin traitant déclaré à partir du {CareDay.French(start)}, après la date de soins : une personne décide."),
            { End: { } last } when last < day.Date => (
                RightState.Closed, $"Médecin traitant : la déclaration a pris fin le {CareDay.French(last)}."),
            { Start: { } start } when isDated && end is { } last => (
                RightState.Open, $"Médecin traitant déclaré du {CareDay.French(start)} au {CareDay.French(last)}."),
            { Start: { } start } => (RightState.Open, $"Médecin traitant déclaré depuis le {CareDay.French(start)}."),
            _ when isDated && end is { } last => (RightState.Open, $"Médecin traitant déclaré jusqu'au {CareDay.French(last)}."),
            _ => (RightState.Open, "Médecin traitant déclaré."),
        };
        return new AttendingPhysician(
            state, sentence, isBeyond && physician is not null ? Rule.Horizon : Rule.Physician, physician?.Name, physician?.Number?.Value, physician?.Start, end);
    }
}
