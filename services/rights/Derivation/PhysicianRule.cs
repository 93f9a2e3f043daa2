using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>CF614: the declaration of the médecin traitant at the care date.</summary>
internal static class PhysicianRule
{
    public static AttendingPhysician Decide(DeclaredPhysician? physician, CareDay day)
    {
        var (state, sentence) = physician switch
        {
            null => (RightState.Undetermined, "Ce régime ne dit rien du médecin traitant : demandez au patient."),
            { Declared: false } => (RightState.Closed, "Aucun médecin traitant déclaré."),
            { Start: { } start } when day.Date < start => (
                RightState.Undetermined,
                $"Médecin traitant déclaré à partir du {CareDay.French(start)}, après la date de soins : une personne décide."),
            { End: { } end } when end < day.Date => (
                RightState.Closed, $"Médecin traitant : la déclaration a pris fin le {CareDay.French(end)}."),
            { Start: { } start } => (RightState.Open, $"Médecin traitant déclaré depuis le {CareDay.French(start)}."),
            _ => (RightState.Open, "Médecin traitant déclaré."),
        };
        return new AttendingPhysician(
            state, sentence, Rule.Physician, physician?.Name, physician?.Number?.Value, physician?.Start, physician?.End);
    }
}
