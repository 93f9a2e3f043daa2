using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>
/// What comes back of a request, without what it contained: « #… » would point at nothing there (ref-1), or at something of ours. What such a
/// reference says in words stays.
/// </summary>
internal static class DetachedElements
{
    private const string Left = "Contenu dans la demande";

    /// <summary>The element itself where nothing in it points at what was contained.</summary>
    public static T Of<T>(T sent)
        where T : Base
    {
        if (!Pointing(sent).Any())
            return sent;
        var copy = (T)sent.DeepCopy();
        foreach (var reference in Pointing(copy).ToList())
        {
            reference.Reference = null;
            if (reference.Identifier is null && reference.Display is null)
                reference.Display = Left;
        }

        return copy;
    }

    private static IEnumerable<ResourceReference> Pointing(Base element)
    {
        if (element is ResourceReference { Reference: { } text } reference && text.StartsWith('#'))
            yield return reference;
        foreach (var (_, value) in element.EnumerateElements())
        {
            IEnumerable<Base> children = value switch { Base one => [one], System.Collections.IEnumerable many and not string => many.OfType<Base>(), _ => [] };
            foreach (var found in children.SelectMany(Pointing))
                yield return found;
        }
    }
}
