using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Portal.Identity;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Cdr.Portal.Questions;

/// <summary>
/// What was being typed when the session ended, and what was being asked when the page was lost: sealed, given back to the same person only.
/// </summary>
internal sealed class Drafts(ISharedState shared, IDataProtectionProvider protection, IOptions<PortalOptions> options)
{
    public async Task SaveAsync(SignedIn person, QuestionForm form, CancellationToken cancellationToken)
    {
        try
        {
            await shared.SetAsync(Key(person), Protector(person).Protect(JsonSerializer.SerializeToUtf8Bytes(form)), options.Value.DraftLifetime, cancellationToken);
        }
        catch (SharedStateUnavailableException)
        {
            // It will have to be typed again.
        }
    }

    public async Task<QuestionForm?> TakeAsync(SignedIn person, CancellationToken cancellationToken)
    {
        try
        {
            if (await shared.GetAsync(Key(person), cancellationToken) is not { } box)
                return null;
            await shared.RemoveAsync(Key(person), null, cancellationToken);
            return JsonSerializer.Deserialize<QuestionForm>(Protector(person).Unprotect(box));
        }
        catch (Exception e) when (e is SharedStateUnavailableException or CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Kept while it may be under way: a page that comes back with its id asks it again, which is the same consultation.</summary>
    public async Task KeepAsync(SignedIn person, AskedQuestion asked, CancellationToken cancellationToken)
    {
        try
        {
            await shared.SetAsync(Key(asked.Question.Id), Protector(person).Protect(JsonSerializer.SerializeToUtf8Bytes(asked)), Desk.SameQuestion, cancellationToken);
        }
        catch (SharedStateUnavailableException)
        {
            // A page lost meanwhile finds the answer in the journal, once it is there.
        }
    }

    public async Task<AskedQuestion?> FindAsync(SignedIn person, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await shared.GetAsync(Key(id), cancellationToken) is { } box ? JsonSerializer.Deserialize<AskedQuestion>(Protector(person).Unprotect(box)) : null;
        }
        catch (Exception e) when (e is SharedStateUnavailableException or CryptographicException or JsonException)
        {
            return null;
        }
    }

    private static string Key(Guid? question) => $"cdr:portal:question:{question}";

    private static string Key(SignedIn person) => "cdr:portal:draft:" + person.Subject;

    private IDataProtector Protector(SignedIn person) => protection.CreateProtector("cdr.portal.draft", person.Subject);
}

/// <summary>A question under way.</summary>
/// <param name="Question">With its id.</param>
/// <param name="Form">As it was typed, to be corrected.</param>
internal sealed record AskedQuestion(Cdr.Contracts.Rights.ConsultationRequest Question, QuestionForm Form)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(AskedQuestion);
}
