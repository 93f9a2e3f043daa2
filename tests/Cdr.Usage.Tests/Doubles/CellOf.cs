using Cdr.Contracts.Rights;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>The cell of a fact, word by word: what the counting finds by numbers.</summary>
internal static class CellOf
{
    public static CellKey Fact(ConsultationFact fact, Shape shape)
    {
        return new CellKey(
            shape.Id, Told(Dimensions.Department, fact.Department), Told(Dimensions.Group, fact.Group), Told(Dimensions.Establishment, fact.Establishment), Told(Dimensions.Unit, fact.Unit),
            Told(Dimensions.Function, fact.Function), Told(Dimensions.Regime, fact.Regime), Told(Dimensions.Reason, fact.Reason), Told(Dimensions.Outcome, CellKey.NameOf(fact.Outcome)),
            Told(Dimensions.Source, CellKey.NameOf(fact.Source)));

        string Told(Dimensions one, string value) => (shape.Dimensions & one) != 0 ? value : "";
    }
}
