using Bunit;
using Cdr.Contracts.Rights;
using Cdr.Portal.Answers;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

/// <summary>Who invoices says beside an answer that an invoice rests on it.</summary>
public sealed class InvoiceUseTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_answer_with_a_file_is_said_to_prove_an_invoice_by_whoever_invoices()
    {
        var answer = Samples.Found();
        var view = Shown(answer, invoicing: true);

        await view.Find("[data-testid=invoice-use]").ClickAsync(new());

        Assert.Equal("Notée comme preuve d’une facture.", view.WaitForElement("[data-testid=invoice-use-done]", Patience).TextContent);
        Assert.Empty(view.FindAll("[data-testid=invoice-use]"));
        Assert.Equal((answer.Id, "invoice"), Assert.Single(Platform.Batches.Used));
    }

    [Fact]
    public void Nobody_else_is_asked_for_it_nor_is_it_asked_of_an_answer_about_nobody()
    {
        Assert.Empty(Shown(Samples.Found(), invoicing: false).FindAll("[data-testid=invoice-use]"));
        Assert.Empty(Shown(Samples.NotFound(), invoicing: true).FindAll("[data-testid=invoice-use]"));
        Assert.Empty(Render<AnswerView>(view => view.Add(v => v.Answer, Samples.Found()).Add(v => v.Invoicing, true).Add(v => v.Frozen, true)).FindAll("[data-testid=invoice-use]"));
    }

    private IRenderedComponent<AnswerView> Shown(ConsultationAnswer answer, bool invoicing) =>
        Render<AnswerView>(view => view.Add(v => v.Answer, answer).Add(v => v.Invoicing, invoicing));
}
