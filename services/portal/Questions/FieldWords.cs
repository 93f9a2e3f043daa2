using Cdr.Portal.Resources;
using Microsoft.Extensions.Localization;

namespace Cdr.Portal.Questions;

/// <summary>What is wrong with a field, in words, with the place where there is one.</summary>
internal static class FieldWords
{
    public static string Of(IStringLocalizer<Texts> words, FieldError error)
    {
        var own = words["Field-" + error.Code];
        var sentence = own.ResourceNotFound ? error.Message ?? words["Field-unknown"] : own.Value;
        return error.Position is { } position ? $"{sentence} {words["AtPlace", position + 1]}" : sentence;
    }
}
