package main

// keyHelp is told wherever a key file is made.
const keyHelp = "密钥在数据库旁边的“数据库文件名.key”里：身份证号、手机号用它加密保存，每一条记录用它封存。没有它，这些号码谁也读不出来，\n" +
	"也什么都不能再记；它和数据库要分开备份，不要放在一起。"
