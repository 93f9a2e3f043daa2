using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Support.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class TicketsByKind : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_State_Id",
                table: "tickets");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_OrganismRegime_Kind_Id",
                table: "tickets",
                columns: new[] { "OrganismRegime", "Kind", "Id" },
                filter: "\"OrganismRegime\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_State_Id",
                table: "tickets",
                columns: new[] { "State", "Id" })
                .Annotation("Npgsql:IndexInclude", new[] { "Kind" });

            migrationBuilder.CreateIndex(
                name: "IX_notices_Ticket",
                table: "notices",
                column: "Ticket");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_OrganismRegime_Kind_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_State_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_notices_Ticket",
                table: "notices");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_State_Id",
                table: "tickets",
                columns: new[] { "State", "Id" });
        }
    }
}
