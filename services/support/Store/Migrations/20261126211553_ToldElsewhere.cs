using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Support.Store.Migrations
{
    /// <inheritdoc />
    public partial class ToldElsewhere : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Mail",
                table: "organisms",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "mail_addresses",
                columns: table => new
                {
                    Subject = table.Column<string>(type: "text", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Address = table.Column<byte[]>(type: "bytea", nullable: true),
                    Until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Unconfirmed = table.Column<byte[]>(type: "bytea", nullable: true),
                    Code = table.Column<byte[]>(type: "bytea", nullable: true),
                    CodeUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    CodeTries = table.Column<int>(type: "integer", nullable: false),
                    CodesOn = table.Column<DateOnly>(type: "date", nullable: false),
                    Codes = table.Column<int>(type: "integer", nullable: false),
                    Words = table.Column<string>(type: "text", nullable: false),
                    Progress = table.Column<string>(type: "text", nullable: false),
                    Clocks = table.Column<string>(type: "text", nullable: false),
                    News = table.Column<string>(type: "text", nullable: false),
                    DigestHour = table.Column<int>(type: "integer", nullable: false),
                    Place = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mail_addresses", x => x.Subject);
                });

            migrationBuilder.CreateTable(
                name: "mails",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Message = table.Column<Guid>(type: "uuid", nullable: false),
                    Recipient = table.Column<string>(type: "text", nullable: false),
                    Ticket = table.Column<Guid>(type: "uuid", nullable: true),
                    Announcement = table.Column<Guid>(type: "uuid", nullable: true),
                    Number = table.Column<string>(type: "text", nullable: false),
                    Event = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Digest = table.Column<bool>(type: "boolean", nullable: false),
                    Batch = table.Column<Guid>(type: "uuid", nullable: true),
                    DueAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    SentAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SetAsideAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Fault = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mails", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "search_marks",
                columns: table => new
                {
                    Ticket = table.Column<Guid>(type: "uuid", nullable: false),
                    Entry = table.Column<int>(type: "integer", nullable: false),
                    Key = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_search_marks", x => x.Ticket);
                });

            migrationBuilder.CreateTable(
                name: "search_tokens",
                columns: table => new
                {
                    Token = table.Column<int>(type: "integer", nullable: false),
                    Ticket = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_search_tokens", x => new { x.Token, x.Ticket });
                });

            migrationBuilder.CreateTable(
                name: "webhook_deliveries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Webhook = table.Column<Guid>(type: "uuid", nullable: false),
                    Message = table.Column<Guid>(type: "uuid", nullable: false),
                    Ticket = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<string>(type: "text", nullable: false),
                    Event = table.Column<string>(type: "text", nullable: false),
                    TicketState = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    DueAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Since = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    Status = table.Column<int>(type: "integer", nullable: true),
                    Fault = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhook_deliveries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "webhooks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Owner = table.Column<string>(type: "text", nullable: false),
                    Url = table.Column<byte[]>(type: "bytea", nullable: false),
                    Secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    CreatedBy = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    FailingSince = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    DisabledAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhooks", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_mail_addresses_Id",
                table: "mail_addresses",
                column: "Id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mails_DueAt",
                table: "mails",
                column: "DueAt",
                filter: "\"DueAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_mails_Message_Recipient",
                table: "mails",
                columns: new[] { "Message", "Recipient" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mails_Ticket_Recipient",
                table: "mails",
                columns: new[] { "Ticket", "Recipient" });

            migrationBuilder.CreateIndex(
                name: "IX_search_tokens_Ticket",
                table: "search_tokens",
                column: "Ticket");

            migrationBuilder.CreateIndex(
                name: "IX_webhook_deliveries_DueAt",
                table: "webhook_deliveries",
                column: "DueAt",
                filter: "\"DueAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_webhook_deliveries_Message_Webhook",
                table: "webhook_deliveries",
                columns: new[] { "Message", "Webhook" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_webhook_deliveries_Webhook_Id",
                table: "webhook_deliveries",
                columns: new[] { "Webhook", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_webhooks_Owner",
                table: "webhooks",
                column: "Owner");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "mail_addresses");

            migrationBuilder.DropTable(
                name: "mails");

            migrationBuilder.DropTable(
                name: "search_marks");

            migrationBuilder.DropTable(
                name: "search_tokens");

            migrationBuilder.DropTable(
                name: "webhook_deliveries");

            migrationBuilder.DropTable(
                name: "webhooks");

            migrationBuilder.DropColumn(
                name: "Mail",
                table: "organisms");
        }
    }
}
