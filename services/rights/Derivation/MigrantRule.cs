using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>A passing migrant's number starts with 5 or 6. Nothing else is inferred from a number.</summary>
internal static class MigrantRule
{
    /// <returns>Null where it does not apply.</returns>
    public static Conclusion? Decide(DatedRights rights) => rights.Insured.Nir.Kind == NirKind.Migrant
        ? new Conclusion
        {
            State = RightState.Open,
            Rule = Rule.PassingMigrant,
            Sentence = "Migrant de passage : le numéro de l'assuré commence par 5 ou 6 et n'a pas de clé ; il se facture tel quel.",
        }
        : null;
}
