using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Portal.Identity;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Cdr.Portal.Questions;

/// <summary>What was being typed when the session ended: sealed, given back once, to the same person only.</summary>
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

    private static string Key(SignedIn person) => "cdr:portal:draft:" + person.Subject;

    private IDataProtector Protector(SignedIn person) => protection.CreateProtector("cdr.portal.draft", person.Subject);
}
