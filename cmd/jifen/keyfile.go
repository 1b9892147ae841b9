package main

// keyHelp is told wherever a key file is made.
const keyHelp = "身份证号、手机号加密保存，密钥在数据库旁边的“数据库文件名.key”里。没有它，这些号码谁也读不出来；它和数据库要分开备份，不要放在一起。"
