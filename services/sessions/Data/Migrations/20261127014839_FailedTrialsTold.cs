using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    internal sealed partial class FailedTrialsTold : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "TicketDueAt",
                table: "package_trials",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_package_trials_TicketDueAt",
                table: "package_trials",
                column: "TicketDueAt",
                filter: "\"TicketDueAt\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_package_trials_TicketDueAt",
                table: "package_trials");

            migrationBuilder.DropColumn(
                name: "TicketDueAt",
                table: "package_trials");
        }
    }
}
